"""Pushing: what is confirmed is never lost nor doubled, and no target costs more than its time."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from jsonschema import Draft202012Validator

from hubctl.cli.main import main
from hubctl.errors import OperationError, UsageError
from hubctl.metrics import push as pushing
from hubctl.metrics.push import Refused, push, target_name, tried
from hubctl.metrics.questdb import QuestDB, credentials, server_at, server_of
from hubctl.metrics.schema import schema
from hubctl.metrics.store import open_store
from hubctl.system.http import Line, Server, UnreachableError
from hubctl.system.lock import writer_lock
from tests.guards.tree import ROOT
from tests.metrics.sessions import answer_line, write_session
from tests.support.questdb_stand_in import StandIn

HOOKS = schema().table("claude_hooks")
EVENTS = schema().table("claude_events")
NOON = 1_760_000_000_000_000


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "state" / "metrics.db")


@pytest.fixture
def target():
    with StandIn() as made:
        yield made


def hook(number, **more):
    base = {"time": NOON + number, "source": "spool", "run": f"r{number}", "hook": "x"}
    return HOOKS.row({**base, "event": "Stop", "duration_ms": 2.0, **more})


def event(number):
    base = {"time": NOON + number, "source": "spool", "event": f"e{number}", "kind": "x"}
    return EVENTS.row(base)


def put(path, table, *rows):
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.put(table, rows)


def to(port, **more):
    return QuestDB(Server(host="127.0.0.1", port=port, **more))


def runs(target):
    return [line.partition('run="')[2].partition('"')[0] for line in target.lines]


def test_only_what_is_new_is_sent(path, target):
    put(path, HOOKS, *map(hook, range(4500)))
    put(path, EVENTS, event(1))
    done = push(path, to(target.port), "m")
    assert (done.problem, done.waiting, done.refused) == ("", {}, ())
    assert done.sent == {"claude_hooks": 4500, "claude_events": 1}
    assert sorted(runs(target)) == sorted(["", *(f"r{number}" for number in range(4500))])
    target.lines.clear()
    put(path, HOOKS, hook(3, duration_ms=9.0), hook(9000))
    assert push(path, to(target.port), "m").sent == {"claude_hooks": 2}
    assert runs(target) == ["r3", "r9000"]
    assert push(path, to(target.port), "m").sent == {}


def test_targets_have_cursors_of_their_own(path, target):
    put(path, HOOKS, hook(1))
    push(path, to(target.port), "m")
    with StandIn() as other:
        assert push(path, to(other.port), "m").sent == {"claude_hooks": 1}


def test_a_store_made_anew_is_sent_from_its_beginning(path, target):
    put(path, HOOKS, hook(1))
    push(path, to(target.port), "m")
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.set_meta("identity", "another")
    assert push(path, to(target.port), "m").sent == {"claude_hooks": 1}


def test_a_store_that_is_not_there_has_nothing_to_send(path, target):
    assert push(path, to(target.port), "m").sent == {}


def test_a_refused_row_stays_and_the_others_go(path, target):
    put(path, HOOKS, *(hook(number) for number in range(5)), hook(5, hook="bad"), hook(6))
    target.bad = "hook=bad"
    done = push(path, to(target.port), "m")
    assert done.sent == {"claude_hooks": 6}
    assert done.refused == (Refused(table="claude_hooks", number=6, reason="it is bad"),)
    assert "r5" not in runs(target)
    assert push(path, to(target.port), "m").refused == done.refused
    target.bad = ""
    done = push(path, to(target.port), "m", again=True)
    assert (done.sent, done.refused) == ({"claude_hooks": 1}, ())
    assert runs(target)[-1] == "r5"


def test_a_refused_row_that_changed_goes_by_its_new_number(path, target):
    put(path, HOOKS, hook(5, hook="bad"))
    target.bad = "hook=bad"
    push(path, to(target.port), "m")
    put(path, HOOKS, hook(5, hook="good"))
    assert push(path, to(target.port), "m", again=True).refused == ()
    assert runs(target) == ["r5"]


def test_where_every_row_is_refused_the_target_is_wrong_and_nothing_is_passed_over(path, target):
    put(path, HOOKS, *map(hook, range(100)))
    target.bad = "hook=x"
    done = push(path, to(target.port), "m")
    assert "refuses rows of claude_hooks: it is bad" in done.problem
    assert (done.waiting, done.refused) == ({"claude_hooks": 100}, ())
    target.bad = ""
    assert push(path, to(target.port), "m").sent == {"claude_hooks": 100}


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_a_target_that_says_no_costs_no_row(path, target, status):
    put(path, HOOKS, hook(1))
    target.status = status
    done = push(path, to(target.port), "m")
    assert done.problem
    assert done.waiting == {"claude_hooks": 1}
    target.status = 0
    assert push(path, to(target.port), "m").sent == {"claude_hooks": 1}


def test_tables_that_keep_doubles_are_not_written(path, target):
    put(path, HOOKS, hook(1))
    target.doubles = [["claude_hooks"]]
    done = push(path, to(target.port), "m")
    assert "keeps doubles" in done.problem
    assert "DEDUP ENABLE UPSERT KEYS(time, machine, run)" in done.problem
    assert target.lines == []


def test_a_target_that_is_down_is_told(path):
    put(path, HOOKS, hook(1))
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for _ in range(3):
        done = push(path, to(port), "m")
    assert "Connection refused" in done.problem
    assert done.waiting == {"claude_hooks": 1}
    with open_store(path) as store:
        [last] = tried(store)
    assert (last.target, last.failures, last.waiting) == (target_name(to(port)), 3, 1)
    assert last.problem == done.problem


def dribble(server, stop):
    """Answers with one byte at a time, for as long as anybody listens."""
    connection, _ = server.accept()
    with connection:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not stop.wait(0.02):
            try:
                connection.sendall(b"x")
            except OSError:
                return


@pytest.mark.parametrize("how", ["silent", "dribbling"])
def test_a_black_hole_costs_its_seconds_and_holds_nobody(path, how):
    put(path, HOOKS, hook(1))
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        if how == "dribbling":
            thread = threading.Thread(target=dribble, args=(server, stop), daemon=True)
            thread.start()
        hole = to(server.getsockname()[1], answer_seconds=0.6)
        results = []
        pusher = threading.Thread(target=lambda: results.append(push(path, hole, "m")))
        pusher.start()
        began = time.monotonic()
        put(path, HOOKS, hook(2))  # while the other one waits
        wrote = time.monotonic() - began
        pusher.join(30)
        stop.set()
    [done] = results
    assert "no answer in time" in done.problem or "timed out" in done.problem
    assert wrote < 0.6
    assert done.waiting == {"claude_hooks": 2}


def test_what_was_confirmed_but_not_remembered_is_sent_again(path, target, monkeypatch):
    """As after a kill between the two: the same row comes again, which its keys make one."""
    put(path, HOOKS, hook(1))

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pushing._Run, "_keep", killed)
        with pytest.raises(KeyboardInterrupt):
            push(path, to(target.port), "m")
    push(path, to(target.port), "m")
    assert target.lines == [target.lines[0]] * 2


def test_rows_that_come_while_pushing_go_with_it_or_with_the_next(path, target):
    put(path, HOOKS, hook(1))
    more = iter(range(2, 7))

    def write():
        number = next(more, None)
        if number:
            put(path, HOOKS, hook(number))

    target.after_write = write
    push(path, to(target.port), "m")
    push(path, to(target.port), "m")
    assert sorted(runs(target)) == [f"r{number}" for number in range(1, 7)]


def test_time_is_bounded_and_the_rest_waits(path, target):
    put(path, HOOKS, *map(hook, range(10)))
    done = push(path, to(target.port), "m", seconds=0.0)
    assert "time was up" in done.problem
    assert done.waiting == {"claude_hooks": 10}


def test_two_pushes_at_a_time_are_one_too_many(path, target):
    put(path, HOOKS, hook(1))
    with writer_lock(f"{path}.push.lock"), pytest.raises(OperationError, match="another hubctl"):
        push(path, to(target.port), "m")


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


def valid(name, text):
    document = json.loads(text)
    path = ROOT / f"schemas/{name}.schema.json"
    Draft202012Validator(json.loads(path.read_text(encoding="utf-8"))).validate(document)
    return document


def test_the_command_sends_to_the_server_of_canonical(home, target, capsys):
    (home / "canonical.yaml").write_text(
        f"infrastructure: {{questdb: {{host: 127.0.0.1, http_port: {target.port}}}}}\n"
    )
    code, out, _ = run(capsys, "push", "--json")
    assert code == 0
    assert valid("metrics-push", out)["sent"] == {"claude_context": 1, "claude_sessions": 1}
    assert "has everything" in run(capsys, "push")[1]
    told = valid("metrics-status", run(capsys, "status", "--json")[1])
    [last] = told["targets"]
    assert (last["target"], last["problem"]) == (f"questdb http://127.0.0.1:{target.port}", "")
    assert told["sources"] == {"transcript": 1}


def test_the_command_says_what_went_wrong(home, target, capsys):
    target.status = 503
    url = f"--url=http://127.0.0.1:{target.port}"
    code, _, told = run(capsys, "push", url)
    assert (code, "not everything was sent" in told) == (3, True)
    assert "2 rows wait" in run(capsys, "status")[1]
    target.status, target.bad = 0, "claude_context"
    code, out, told = run(capsys, "push", url, "--json")
    assert code == 1
    assert [one["table"] for one in valid("metrics-push", out)["refused"]] == ["claude_context"]
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


def test_a_server_that_closed_what_was_idle_is_asked_anew():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer_twice():
            for _ in range(2):
                connection, _ = server.accept()
                with connection:
                    connection.recv(1 << 16)
                    connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

        thread = threading.Thread(target=answer_twice, daemon=True)
        thread.start()
        line = Line(Server(host="127.0.0.1", port=server.getsockname()[1]), {})
        assert [line.ask("GET", "/").status for _ in range(2)] == [204, 204]
        line.close()
        thread.join(10)


def test_an_answer_that_is_none_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            connection, _ = server.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(b"\0\0\0 nothing of HTTP\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        line = Line(Server(host="127.0.0.1", port=server.getsockname()[1]), {})
        with pytest.raises(UnreachableError):
            line.ask("GET", "/")
        thread.join(10)
