"""The entry point: usage, suggestions, streams, interrupts, bugs."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys

import pytest

from hubctl import __version__
from hubctl.cli.app import COMMANDS
from hubctl.cli.main import main
from tests.support.cli import SETTINGS

ALIKE = [
    ("pln", "plan"),
    ("aply", "apply"),
    ("drfit", "drift"),
    ("rolback", "rollback"),
    ("repo", "repos"),
    ("validat", "validate"),
]


@pytest.mark.parametrize(("typed", "meant"), ALIKE)
def test_an_unknown_command_suggests_the_nearest(account, typed, meant):
    ran = account.run(typed)
    assert (ran.code, ran.out) == (2, "")
    assert f"Did you mean '{meant}'?" in ran.err


def test_an_unknown_option_or_target_suggests_the_nearest(api):
    ran = api.run("plan", "--jsn")
    assert (ran.code, ran.out, "--json" in ran.err) == (2, "", True)
    ran = api.run("plan", "apii")
    assert (ran.code, ran.out, "did you mean api?" in ran.err) == (2, "", True)
    ran = api.run("plan", "zzz")
    assert (ran.code, "hubctl repos list" in ran.err) == (2, True)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_on_stdout(account, name):
    for option in ("--help", "-h"):
        ran = account.ok(name, option)
        assert ran.out.startswith(f"Usage: hubctl {name}")
        assert ran.err == ""


def test_help_needs_no_hub_and_lists_every_command(account):
    for arguments in ((), ("--help",)):
        ran = account.run(*arguments)
        assert all(f"\n  {name} " in ran.out + ran.err for name in COMMANDS)


def test_the_version(account, capsys):
    assert account.ok("--version").out == f"hubctl {__version__}\n"
    assert account.process("--version").out == f"hubctl {__version__}\n"


NEEDS_HUB = [
    ("validate",),
    ("show",),
    ("explain", "api:x"),
    ("plan",),
    ("diff",),
    ("apply", "--yes"),
    ("drift",),
    ("rollback", "--yes"),
    ("history",),
    ("repos", "list"),
    ("repos", "add", "."),
    ("tokens",),
]


@pytest.mark.parametrize("command", NEEDS_HUB, ids=" ".join)
def test_without_a_hub_a_command_says_how_to_get_one(account, command):
    ran = account.run(*command)
    assert (ran.code, ran.out) == (2, "")
    assert "hubctl init" in ran.err


def test_the_hub_is_found_upwards_by_option_and_by_variable(api, monkeypatch):
    deep = api.hub / "a/b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert "1 to create" in api.ok("plan").out
    monkeypatch.chdir("/")
    assert api.run("plan").code == 2
    for place in (api.hub, api.hub / "canonical.yaml"):
        assert "1 to create" in api.ok("--hub", str(place), "plan").out
    monkeypatch.setenv("HUBCTL_HUB", str(api.hub))
    assert "1 to create" in api.ok("plan").out
    monkeypatch.delenv("HUBCTL_HUB")
    (api.home / ".config").mkdir()
    api.hub.rename(api.home / ".config/hubctl")
    assert "1 to create" in api.ok("plan").out


def test_a_working_folder_that_is_gone_is_told(api, monkeypatch):
    gone = api.base / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    ran = api.run("plan")
    assert (ran.code, "working folder" in ran.err) == (2, True)


# -- streams ---------------------------------------------------------------------------------------


def shell(account, line):
    """Run a line of shell in which $H is hubctl; the exit code of $H, what it wrote to stderr."""
    done = subprocess.run(
        ["bash", "-c", line],
        env=account.environment | {"H": f"{sys.executable} -m hubctl"},
        cwd=account.hub,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.returncode, done.stderr


def test_a_reader_that_goes_away_changes_no_exit_code(api):
    for command, code in (("plan", 0), ("drift", 1), ("plan --check", 1), ("plan --help", 0)):
        line = f"$H {command} | true; exit ${{PIPESTATUS[0]}}"
        assert shell(api, line) == (code, ""), command


def test_a_reader_that_goes_away_in_the_middle_of_much_output(api):
    rules = "".join(f"          - Bash(tool{n} *)\n" for n in range(600))
    text = api.read("hub/canonical.yaml").decode()
    api.canonical(text + "      permissions:\n        allow:\n" + rules)
    assert shell(api, "$H drift --json | head -c 100; exit ${PIPESTATUS[0]}") == (1, "")


def test_an_apply_nobody_listens_to_is_carried_out(api):
    assert shell(api, "$H apply --yes 2>&1 | true; exit ${PIPESTATUS[0]}")[0] == 0
    assert json.loads(api.read("src/api/" + SETTINGS)) == {"model": "sonnet"}


@pytest.mark.parametrize("command", ["plan", "drift --json", "--version", "validate"])
def test_a_full_stdout_is_told(api, command):
    code, err = shell(api, f"$H {command} > /dev/full")
    assert (code, "No space left" in err) == (3, True)


def test_closed_streams_are_no_bug(api):
    assert shell(api, "$H plan >&-")[0] == 0
    assert shell(api, "$H plan 2>&- >/dev/null")[0] == 0
    assert shell(api, "$H nope >&- 2>&-")[0] == 2
    assert shell(api, "$H drift <&- >/dev/null")[0] == 1


def test_output_that_the_terminal_cannot_spell_is_replaced(api):
    text = api.read("hub/canonical.yaml").decode()
    api.canonical(text.replace("sonnet", "'søñnèt ☃ 🙂'"))
    for encoding in ("ascii", "cp437", "utf-8"):
        env = {"PYTHONIOENCODING": f"{encoding}:strict"}
        ran = api.process("plan", env=env, encoding=encoding)
        assert (ran.code, ran.err) == (0, "")
    assert "søñnèt ☃ 🙂" in ran.out


def test_stdout_is_data_and_stderr_is_talk(api):
    ran = api.process("apply", "--yes", "--json")
    assert (json.loads(ran.out)["command"], ran.err) == ("apply", "")
    ran = api.run("repos", "set", "api", "description", "The API")
    assert ran.out.startswith("@@") or "+    description: The API\n" in ran.out
    assert "Run: hubctl plan api" in ran.err


def test_no_bar_and_no_colour_in_a_pipe(account):
    rows = "".join(f"  r{n}: {{path: ~/src/r{n}}}\n" for n in range(40))
    account.canonical(f"hub: {{name: acme}}\nrepositories:\n{rows}")
    for n in range(40):
        account.repository(f"r{n}")
    ran = account.process("drift", env={"TERM": "xterm-256color"})
    assert (ran.code, ran.err) == (0, "")
    assert "\x1b" not in ran.out
    assert "\x1b[" in account.process("drift", env={"FORCE_COLOR": "1"}).out
    assert "\x1b" not in account.process("drift", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).out


def test_a_question_at_a_terminal_is_asked_and_answered(api):
    """Only somebody at a terminal is asked; anything but yes writes nothing."""
    for answer, code, wrote in ((b"n\n", 2, False), (b"\n", 2, False), (b"y\n", 0, True)):
        ran = at_terminal(api, answer, "apply")
        assert ran[0] == code, ran
        assert b"Apply this?" in ran[1]
        assert b"#/model" in ran[1]
        assert (api.home / "src/api" / SETTINGS).exists() == wrote
    assert at_terminal(api, b"\x03", "rollback")[0] == 130
    assert (api.home / "src/api" / SETTINGS).exists()


def at_terminal(account, typed, *arguments):
    """Run hubctl at a pseudo terminal of its own, with these keys; exit code and what it showed."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(account.hub)
        command = [sys.executable, "-m", "hubctl", *arguments]
        os.execve(
            sys.executable, command, account.environment | {"TERM": "xterm", "COLUMNS": "100"}
        )
    shown = b""
    try:
        while b"?" not in shown.rpartition(b"\n")[2]:
            shown += os.read(terminal, 4096)
        os.write(terminal, typed)
        while piece := _next_piece(terminal, typed):
            shown += piece
    except OSError:
        pass  # a terminal whose other end is closed
    finally:
        os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown


def _next_piece(terminal, typed):
    """What it shows next; somebody whose Control-C went unheard presses it again.

    A signal that arrives right before Python waits for a key does not end that wait.
    """
    while not select.select([terminal], [], [], 1.0)[0]:
        if typed == b"\x03":
            os.write(terminal, typed)
    return os.read(terminal, 4096)


def test_nobody_there_means_no(api):
    ran = api.run("apply")
    assert (ran.code, "--yes" in ran.err) == (2, True)
    assert not (api.home / "src/api/.claude").exists()
    api.apply()
    assert api.run("rollback").code == 2
    assert api.run("repos", "remove", "api").code == 2
    api.in_sync()


# -- bugs ------------------------------------------------------------------------------------------


def test_a_bug_is_one_sentence_and_a_file(api, monkeypatch, capsys):
    def broken(*_arguments, **_options):
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr("hubctl.fleet.world.World.open", broken)
    assert main(["plan"]) == 70
    out, err = capsys.readouterr()
    (file,) = (api.base / "tmp").glob("hubctl-bug-*")
    assert out == ""
    assert "this is a bug in hubctl" in err
    assert str(file) in err
    assert "Traceback" not in err
    assert "deep inside" in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    monkeypatch.setenv("HUBCTL_DEBUG", "1")
    assert main(["plan"]) == 70
    assert "deep inside" in capsys.readouterr().err


def test_an_interrupt_is_130(api, monkeypatch):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("hubctl.fleet.world.World.open", interrupted)
    ran = api.run("plan")
    assert (ran.code, ran.out, "interrupted" in ran.err) == (130, "", True)
