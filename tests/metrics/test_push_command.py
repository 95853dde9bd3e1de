"""`hubctl metrics push` and `forget`: where to, who we are, and what is told."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from hubctl.cli.main import main
from hubctl.errors import UsageError
from hubctl.metrics.export.push import push
from hubctl.metrics.export.questdb import QuestDB, credentials, server_at, server_of
from hubctl.system.http import Server
from tests.metrics.sessions import answer_line, write_session
from tests.support.cli import validated


def test_who_we_are_comes_from_the_environment(path, target):
    assert credentials("admin", {}) == {}
    basic = credentials("admin", {"HUBCTL_QUESTDB_PASSWORD": "p"})
    assert basic == {"Authorization": "Basic YWRtaW46cA=="}
    token = credentials("", {"HUBCTL_QUESTDB_TOKEN": "t"})
    assert token == {"Authorization": "Bearer t"}
    push(path, QuestDB(Server(host="127.0.0.1", port=target.port), basic), "m")
    assert target.headers_seen[0]["Authorization"] == "Basic YWRtaW46cA=="


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://localhost", "http://localhost:9000"),
        ("https://db.example.org", "https://db.example.org:443"),
        ("http://[::1]:9001/", "http://[::1]:9001"),
    ],
)
def test_an_address_names_a_server(url, shown):
    assert str(server_at(url)) == shown


@pytest.mark.parametrize(
    "url", ["", "localhost:9000", "ftp://x", "http://u:p@x", "http://x/y", "http://x:y", "http://["]
)
def test_what_is_no_address_is_told(url):
    with pytest.raises(UsageError, match="not the address"):
        server_at(url)


def test_canonical_names_the_server():
    assert server_of({}) is None
    assert server_of({"infrastructure": {"questdb": None}}) is None
    server, user = server_of({"infrastructure": {"questdb": {"http_port": 9001, "user": "u"}}})
    assert (str(server), user) == ("http://localhost:9001", "u")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "CLAUDE_CONFIG_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    write_session(tmp_path, "s1", [answer_line("s1", "m1", "r1", output=7)])
    return tmp_path


def run(capsys, *arguments):
    code = main(["metrics", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_command_sends_to_the_server_of_canonical(home, target, capsys):
    (home / "canonical.yaml").write_text(
        f"infrastructure: {{questdb: {{host: 127.0.0.1, http_port: {target.port}}}}}\n"
    )
    code, out, _ = run(capsys, "push", "--json")
    assert code == 0
    assert validated(out, "metrics-push")["sent"] == {"claude_context": 1, "claude_sessions": 1}
    assert "has everything" in run(capsys, "push")[1]
    told = validated(run(capsys, "status", "--json")[1], "metrics-status")
    [last] = told["targets"]
    assert (last["target"], last["problem"]) == (f"questdb http://127.0.0.1:{target.port}", "")
    assert told["sources"] == {"transcript": 1}


def test_the_command_says_what_went_wrong(home, target, capsys):
    target.status = 503
    url = f"--url=http://127.0.0.1:{target.port}"
    code, _, told = run(capsys, "push", url)
    assert (code, "not everything was sent" in told) == (3, True)
    [row] = [line for line in run(capsys, "status")[1].splitlines() if line.endswith("  0     0")]
    assert row.split()[-3:] == ["2", "0", "0"]
    assert "503" in run(capsys, "status")[1]
    target.status, target.bad = 0, "claude_context"
    code, out, told = run(capsys, "push", url, "--json")
    assert code == 1
    assert [one["table"] for one in validated(out, "metrics-push")["refused"]] == ["claude_context"]
    assert "refused: claude_context: it is bad" in run(capsys, "push", url)[2]
    target.bad = ""
    assert run(capsys, "push", url, "--again")[0] == 0


def test_the_command_needs_a_server(home, capsys):
    assert main(["metrics", "push"]) == 2
    assert "infrastructure.questdb" in capsys.readouterr().err


def test_a_kill_between_answer_and_cursor_loses_and_doubles_nothing(home, target):
    """A real process, killed as soon as the server has what it sent."""
    url = f"http://127.0.0.1:{target.port}"
    command = [sys.executable, "-m", "hubctl", "metrics", "push", "--url", url]
    running = []

    def kill():
        running[0].kill()

    target.after_write = kill
    with target.hold:
        started = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home
        )
        running.append(started)
    assert started.wait(60) == -signal.SIGKILL
    once = list(target.lines)
    target.after_write = None
    done = subprocess.run(command, capture_output=True, timeout=60, check=True, cwd=home)
    assert done.returncode == 0
    assert len(once) == 1
    assert len(target.lines) > len(set(target.lines)) == 2  # an answer and its session


def test_a_timer_does_nothing_before_it_is_time(home, target, capsys):
    url = f"--url=http://127.0.0.1:{target.port}"
    target.status = 503
    assert run(capsys, "push", url, "--due")[0] == 3
    target.status = 0
    code, out, told = run(capsys, "push", url, "--due")
    assert (code, out, "left alone" in told) == (0, "", True)
    assert target.lines == []
    assert run(capsys, "push", url)[0] == 0
    assert run(capsys, "push", url, "--due")[0] == 0
    assert len(target.lines) == 2


def test_a_file_of_this_account_alone_may_say_who_we_are(home, target, capsys):
    config = home / ".config/hubctl"
    config.mkdir(parents=True)
    settings = config / "questdb.env"
    settings.write_text("# ours\nHUBCTL_QUESTDB_TOKEN='a b'\n")
    url = f"--url=http://127.0.0.1:{target.port}"
    settings.chmod(0o644)
    code, _, told = run(capsys, "push", url)
    assert (code, "chmod 600" in told, target.headers_seen) == (3, True, [])
    settings.chmod(0o600)
    assert run(capsys, "push", url)[0] == 0
    assert target.headers_seen[0]["Authorization"] == "Bearer a b"


def test_a_target_is_forgotten_by_its_name(home, target, capsys):
    url = f"http://127.0.0.1:{target.port}"
    run(capsys, "push", "--url", url)
    code, _, told = run(capsys, "forget", "x")
    assert (code, f"questdb {url}" in told) == (2, True)
    assert main(["metrics", "forget", f"questdb {url}"]) == 0
    capsys.readouterr()
    assert json.loads(run(capsys, "status", "--json")[1])["targets"] == []
    assert "not taken anywhere" in run(capsys, "forget", "x")[2]
