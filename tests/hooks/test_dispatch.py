"""The dispatcher as a process: what goes in on stdin, what comes out, what is recorded."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from tests.hooks.inputs import FIRST, event_text
from tests.hooks.world import CLOSED, OPEN, World

BASH = event_text("PreToolUse", tool_name="Bash", tool_input={"command": "ls"})
DENIES = "def decide(event, context):\n    return deny('not now')\n"
ADVISES = "def decide(event, context):\n    return advise('a fact')\n"
QUIET = "def decide(event, context):\n    return None\n"


def test_a_denial_blocks_with_its_reason(world: World) -> None:
    world.hook("guard", DENIES)
    answer = world.run("PreToolUse", BASH)
    assert (answer.code, answer.stderr) == (2, "not now\n")
    assert answer.specific["hookEventName"] == "PreToolUse"
    assert answer.specific["permissionDecision"] == "deny"
    assert answer.specific["permissionDecisionReason"] == "not now"


def test_hooks_that_have_nothing_to_say_print_nothing(world: World) -> None:
    world.hook("quiet", QUIET)
    answer = world.run("PreToolUse", BASH)
    assert (answer.code, answer.stdout, answer.stderr) == (0, "", "")


@pytest.mark.parametrize("name", sorted(FIRST))
def test_every_event_reaches_its_hooks(world: World, name: str) -> None:
    world.hook("seen", "def decide(event, context):\n    context.sample(event.name)\n", event=name)
    answer = world.run(name, event_text(name))
    assert (answer.code, answer.stdout) == (0, "")
    assert world.records()[-1]["samples"] == [{"name": name}]


def test_the_strictest_verdict_wins_and_contexts_are_joined(world: World) -> None:
    world.hook("b", "def decide(e, c):\n    return Verdict('ask', 'sure?', 'two')\n", order=2)
    world.hook("a", "def decide(e, c):\n    return Verdict('allow', 'fine', 'one')\n", order=1)
    asked = world.run("PreToolUse", BASH)
    assert asked.specific["permissionDecision"] == "ask"
    assert asked.context == "one\n\ntwo"
    world.hook("c", DENIES, order=3)
    denied = world.run("PreToolUse", BASH)
    assert denied.specific["permissionDecisionReason"] == "not now"


MISBEHAVIOUR = {
    "raises": "def decide(e, c):\n    raise RuntimeError('secret text')\n",
    "raises at import": "1 / 0\n",
    "has no decide": "x = 1\n",
    "is broken syntax": "def decide(:\n",
    "exits": "import sys\ndef decide(e, c):\n    sys.exit(2)\n",
    "interrupts": "def decide(e, c):\n    raise KeyboardInterrupt\n",
    "recurses": "def decide(e, c):\n    return decide(e, c)\n",
    "answers a string": "def decide(e, c):\n    return 'deny'\n",
    "answers nonsense": "def decide(e, c):\n    return Verdict('maybe', 'x')\n",
    "takes other arguments": "def decide():\n    return None\n",
    "allocates": ("def decide(e, c):\n    return bytearray(1 << 30)\n"),
    "loops": "def decide(e, c):\n    while True:\n        pass\n",
    "sleeps": "import time\ndef decide(e, c):\n    time.sleep(60)\n",
    "swallows everything": (
        "def decide(e, c):\n    while True:\n        try:\n            while True:\n"
        "                pass\n        except BaseException:\n            pass\n"
    ),
}
DEADLINE = {"loops": 0.2, "sleeps": 0.2, "swallows everything": 0.2}


@pytest.mark.parametrize("on_error", [OPEN, CLOSED])
@pytest.mark.parametrize("kind", MISBEHAVIOUR)
def test_a_misbehaving_hook_follows_its_policy_and_harms_no_other(
    world: World, kind: str, on_error: str
) -> None:
    deadline = DEADLINE.get(kind, 5.0)
    world.hook("bad", MISBEHAVIOUR[kind], order=2, on_error=on_error, deadline=deadline)
    world.hook("good", ADVISES, order=1)
    answer = world.run("PreToolUse", BASH)
    assert answer.context == "a fact"
    if on_error == CLOSED:
        assert answer.code == 2
        assert "bad" in answer.stderr and "Run: hubctl apply" in answer.stderr
        assert answer.specific["permissionDecision"] == "deny"
    else:
        assert answer.code == 0
        assert "permissionDecision" not in answer.specific
        assert "the hook bad did not work" in answer.json["systemMessage"]
    record = world.records()[-1]
    problems = {hook["id"]: hook.get("problem", "") for hook in record["hooks"]}
    assert problems["bad"] and not problems["good"]
    assert ("MemoryError" in problems["bad"]) == (kind == "allocates")
    assert "secret text" not in json.dumps(record) + answer.stdout + answer.stderr


def test_a_hook_behind_one_that_cannot_be_stopped_answers_by_its_own_policy(world: World) -> None:
    world.hook("bad", MISBEHAVIOUR["swallows everything"], order=1, deadline=0.2)
    world.hook("guard", DENIES, order=2, on_error=CLOSED)
    answer = world.run("PreToolUse", BASH)
    assert answer.code == 2
    assert "guard" in answer.stderr and "was not reached" in answer.stderr


PRINTERS = {
    "print": "print('noise')",
    "stderr": "import sys; sys.stderr.write('noise')",
    "descriptor 1": "import os; os.write(1, b'noise')",
    "descriptor 2": "import os; os.write(2, b'noise')",
    "real stdout": "import sys; sys.__stdout__.write('noise'); sys.__stdout__.flush()",
    "child": "import os; os.system('echo noise; echo noise >&2')",
}


@pytest.mark.parametrize("how", PRINTERS)
def test_nothing_a_hook_prints_reaches_the_client(world: World, how: str) -> None:
    world.hook("loud", f"def decide(e, c):\n    {PRINTERS[how]}\n    return advise('a fact')\n")
    answer = world.run("PreToolUse", BASH)
    assert answer.context == "a fact"
    assert "noise" not in answer.stdout + answer.stderr


def test_printing_is_recorded(world: World) -> None:
    world.hook("loud", "def decide(e, c):\n    print('noise')\n")
    world.run("PreToolUse", BASH)
    assert world.records()[-1]["incidents"] == ["loud printed 6 characters"]


def test_one_problem_is_told_once_a_session(world: World) -> None:
    world.hook("bad", MISBEHAVIOUR["raises"])
    assert "did not work" in world.run("PreToolUse", BASH).stdout
    assert world.run("PreToolUse", BASH).stdout == ""
    other = event_text("PreToolUse", session_id="another")
    assert "did not work" in world.run("PreToolUse", other).stdout


def test_only_hooks_that_want_the_tool_run(world: World) -> None:
    for tools in (["Bash"], ["Write", "Edit"], ["mcp__db__*"], []):
        world.hook("-".join(tools).replace("*", "all") or "every", QUIET, tools=tools)
    ran = {}
    for tool in ("Bash", "Edit", "mcp__db__query", "mcp__db", "bash", "BashOutput"):
        world.run("PreToolUse", event_text("PreToolUse", tool_name=tool))
        ran[tool] = {hook["id"] for hook in world.records()[-1]["hooks"]}
    assert ran["Bash"] == {"Bash", "every"}
    assert ran["Edit"] == {"Write-Edit", "every"}
    assert ran["mcp__db__query"] == {"mcp__db__all", "every"}
    assert ran["mcp__db"] == ran["bash"] == ran["BashOutput"] == {"every"}


def test_a_lane_runs_its_own_hooks_only(world: World) -> None:
    world.hook("here", ADVISES, lane=OPEN)
    world.hook("beside", DENIES, lane="async")
    assert world.run("PreToolUse", BASH, OPEN).context == "a fact"
    observed = world.run("PreToolUse", BASH, "async")
    assert (observed.code, observed.stdout) == (0, "")
    assert [hook["id"] for hook in world.records()[-1]["hooks"]] == ["beside"]


def test_rows_of_the_repository_stand_over_those_of_the_host(world: World) -> None:
    world.hook("both", "def decide(e, c):\n    return advise(c.options['from'])\n")
    world.rows["PreToolUse"][0]["options"] = {"from": "host"}
    world.write_registry(world.state / "host")
    (world.own / "registry.json").unlink()
    assert world.run("PreToolUse", BASH, OPEN, str(world.state)).code == 40
    assert world.run("PreToolUse", BASH).context == "host"
    world.rows["PreToolUse"][0]["options"] = {"from": "repository"}
    world.write_registry()
    assert world.run("PreToolUse", BASH).context == "repository"


def test_the_repository_is_where_the_session_started(world: World) -> None:
    world.hook("here", ADVISES)
    (world.repo / "a" / "b").mkdir(parents=True)
    inside = str(world.repo / "a" / "b")
    assert world.run("PreToolUse", BASH, CLAUDE_PROJECT_DIR=inside).context == "a fact"
    moved = event_text("PreToolUse", cwd="/")
    assert world.run("PreToolUse", moved).context == "a fact"
    assert world.run("PreToolUse", BASH, CLAUDE_PROJECT_DIR="/").stdout == ""
    unset = event_text("PreToolUse", cwd=inside)
    assert world.run("PreToolUse", unset, CLAUDE_PROJECT_DIR="").context == "a fact"


def test_a_linked_worktree_has_the_hooks_of_its_main_checkout(world: World) -> None:
    world.hook("here", ADVISES)
    git = world.repo / ".git" / "worktrees" / "side"
    git.mkdir(parents=True)
    (git / "commondir").write_text("../..\n")
    side = world.root / "side"
    side.mkdir()
    (side / ".git").write_text(f"gitdir: {git}\n")
    assert world.run("PreToolUse", BASH, CLAUDE_PROJECT_DIR=str(side)).context == "a fact"


def test_a_folder_outside_git_is_found_from_below(world: World) -> None:
    world.hook("here", ADVISES)
    plain = world.root / "plain" / "sub"
    plain.mkdir(parents=True)
    world.write_registry(world.state / f"repositories{plain.parent}" / "@")
    assert world.run("PreToolUse", BASH, CLAUDE_PROJECT_DIR=str(plain)).context == "a fact"


def test_a_symlink_to_the_repository_is_the_repository(world: World) -> None:
    world.hook("here", ADVISES)
    link = world.root / "link"
    link.symlink_to(world.repo)
    assert world.run("PreToolUse", BASH, CLAUDE_PROJECT_DIR=str(link)).context == "a fact"


BROKEN_INPUTS = [b"", b"\n", b"{", b"[]", b"null", b"\xff\xfe\x00", b"hello", b"{}{}", b"[" * 9999]


@pytest.mark.parametrize("text", BROKEN_INPUTS)
@pytest.mark.parametrize("lane", [OPEN, CLOSED])
def test_an_unreadable_event_is_answered_by_policy(world: World, text: bytes, lane: str) -> None:
    world.hook("guard", QUIET, lane=lane, on_error=lane)
    answer = world.run("PreToolUse", text, lane)
    assert "could not be read" in answer.stdout
    if lane == CLOSED:
        assert answer.code == 2
        assert answer.specific["permissionDecision"] == "deny"
        assert "hubctl apply" in answer.stderr
    else:
        assert (answer.code, answer.stderr) == (0, "")
        assert list(answer.json) == ["systemMessage"]


def _row(**changes: Any) -> str:
    row = {"id": "x", "module": "hooks_shared.x", "lane": "closed", "tools": [], "order": 1}
    row |= {"deadline": 1, "on_error": "closed", "options": {}, **changes}
    return json.dumps({"format": 1, "events": {"PreToolUse": [row]}})


BROKEN_REGISTRIES = {
    "missing": None,
    "empty": "",
    "truncated": '{"format":1,"ev',
    "another format": '{"format":99,"events":{}}',
    "a list": "[]",
    "events are a list": '{"format":1,"events":[]}',
    "rows are no list": '{"format":1,"events":{"PreToolUse":{}}}',
    "a row is no object": '{"format":1,"events":{"PreToolUse":[5]}}',
    "no rows": '{"format":1,"events":{}}',
    "a foreign module": _row(module="os"),
    "a deadline of nothing": _row(deadline=0),
    "tools are text": _row(tools="Bash"),
    "binary": "\x00\x01",
}


@pytest.mark.parametrize("kind", BROKEN_REGISTRIES)
@pytest.mark.parametrize("lane", [OPEN, CLOSED])
def test_a_broken_registry_is_answered_by_policy(world: World, kind: str, lane: str) -> None:
    text = BROKEN_REGISTRIES[kind]
    if text is not None:
        (world.own / "registry.json").write_text(text)
    answer = world.run("PreToolUse", BASH, lane)
    assert "registry cannot be used" in answer.stdout
    assert answer.code == (2 if lane == CLOSED else 0)
    assert (answer.stderr != "") == (lane == CLOSED)
    if lane == CLOSED:
        repair = event_text("PreToolUse", tool_input={"command": "hubctl apply --yes"})
        assert world.run("PreToolUse", repair, lane).code == 0


@pytest.mark.parametrize("lane", ["", "project", "project-async"])
def test_without_a_hub_nothing_happens(world: World, lane: str) -> None:
    answer = world.run("PreToolUse", BASH, *filter(None, [lane]))
    assert (answer.code, answer.stdout, answer.stderr) == (0, "", "")


def test_the_switch_for_all_hooks_is_recorded(world: World) -> None:
    world.hook("guard", DENIES)
    assert world.run("PreToolUse", BASH, HUBCTL_HOOKS="off").code == 0
    assert "HUBCTL_HOOKS" in world.records()[-1]["incidents"][0]
    assert world.run("PreToolUse", BASH, HUBCTL_HOOKS="on").code == 2


def test_the_switch_for_single_hooks_is_recorded(world: World) -> None:
    world.hook("my-guard", DENIES)
    world.hook("other", ADVISES)
    answer = world.run("PreToolUse", BASH, HUBCTL_HOOKS_OFF="x, My_Guard.py")
    assert (answer.code, answer.context) == (0, "a fact")
    assert world.records()[-1]["incidents"] == ["my-guard switched off by HUBCTL_HOOKS_OFF"]


def test_one_line_is_recorded_per_run_without_what_was_run(world: World) -> None:
    world.hook("guard", DENIES)
    text = event_text("PreToolUse", tool_input={"command": "echo hunter2"})
    world.run("PreToolUse", text)
    (record,) = world.records()
    assert record["event"] == "PreToolUse" and record["tool"] == "Bash"
    assert record["decision"] == "deny" and record["code"] == 2
    assert record["hooks"][0]["id"] == "guard" and record["hooks"][0]["ms"] >= 0
    assert record["ms"] >= record["hooks"][0]["ms"]
    assert "hunter2" not in json.dumps(record)


def test_what_is_written_is_private(world: World) -> None:
    world.hook("bad", MISBEHAVIOUR["raises"])
    world.run("PreToolUse", BASH)
    written = [path for path in world.state.rglob("*") if path.name != "registry.json"]
    private = {oct(path.stat().st_mode & 0o077) for path in written if path.is_file()}
    assert private == {"0o0"}
    assert (world.state / "spool").stat().st_mode & 0o077 == 0


STATES = {
    "read-only": lambda world: world.state.chmod(0o500),
    "a file": lambda world: (world.state / "spool").write_text(""),
    "sessions a file": lambda world: (world.state / "sessions").write_text(""),
}


@pytest.mark.parametrize("kind", STATES)
def test_an_unusable_state_folder_changes_no_verdict(world: World, kind: str) -> None:
    world.hook("guard", DENIES)
    world.hook("bad", MISBEHAVIOUR["raises"])
    STATES[kind](world)
    answer = world.run("PreToolUse", BASH)
    assert (answer.code, answer.stderr) == (2, "not now\n")


def test_without_home_or_working_folder_hooks_still_run(world: World) -> None:
    world.hook("guard", DENIES)
    gone = world.root / "gone"
    gone.mkdir()
    program = f"rmdir '{gone}'; exec \"$@\""
    command = ["/bin/sh", "-c", f"cd '{gone}'; {program}", "sh"]
    command += [world.machine.interpreter, "-I", "-S", str(world.release / "run.py")]
    command += ["PreToolUse", OPEN, str(world.state)]
    environment = world.environment()
    del environment["HOME"], environment["XDG_STATE_HOME"]
    done = subprocess.run(
        command, input=BASH.encode(), capture_output=True, check=False, env=environment, timeout=60
    )
    assert done.returncode == 42
    assert b"not now" in done.stdout


def test_a_reader_that_went_away_is_no_error(world: World) -> None:
    world.hook("guard", DENIES)
    reader, writer = os.pipe()
    os.close(reader)
    command = [world.machine.interpreter, "-I", "-S", str(world.release / "run.py"), "PreToolUse"]
    done = subprocess.run(
        command,
        input=BASH.encode(),
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
        env=world.environment(),
        timeout=60,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (2, b"not now\n")


def test_a_large_event_is_read_whole(world: World) -> None:
    world.hook("size", "def decide(e, c):\n    c.sample('n', n=len(e.data['tool_response']))\n",
               event="PostToolUse")  # fmt: skip
    world.run("PostToolUse", event_text("PostToolUse", tool_response="x" * 3_000_000))
    assert world.records()[-1]["samples"] == [{"name": "n", "n": 3_000_000}]


def test_no_bytecode_is_left_in_the_release(world: World) -> None:
    world.hook("quiet", QUIET)
    world.run("PreToolUse", BASH)
    assert not list(world.release.rglob("*.pyc"))
