"""The settings line itself, run by /bin/sh as the client does, over everything that can break."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from dataclasses import replace

import pytest

from hubctl.render.hook_commands import machine_command, project_command
from hubctl.system.hooks_package import contract
from tests.hooks.breakages import BREAKAGES, WHOLE
from tests.hooks.inputs import event_text
from tests.hooks.world import CLOSED, OPEN, Answer, World

GUARD = "def decide(event, context):\n    return deny('not now')\n"
BASH = event_text("PreToolUse", tool_name="Bash", tool_input={"command": "ls"})
REPAIR = event_text("PreToolUse", tool_name="Bash", tool_input={"command": "hubctl apply --yes"})


def _refused(answer: Answer) -> bool:
    denied = answer.stdout and answer.specific["permissionDecision"] == "deny"
    return answer.code == 2 and bool(denied) and bool(answer.stderr.strip())


@pytest.mark.parametrize("kind", BREAKAGES)
def test_closed_means_refused_whatever_is_broken(guarded: World, kind: str) -> None:
    guarded.hook("guard", GUARD, lane=CLOSED, on_error=CLOSED)
    BREAKAGES[kind](guarded)
    answer = guarded.launch("PreToolUse", BASH, CLOSED)
    assert _refused(answer), answer
    assert "hubctl" in answer.stderr or kind in WHOLE
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize("kind", BREAKAGES)
def test_the_repair_always_gets_through(guarded: World, kind: str) -> None:
    guarded.hook("guard", GUARD, lane=CLOSED, on_error=CLOSED)
    BREAKAGES[kind](guarded)
    answer = guarded.launch("PreToolUse", REPAIR, CLOSED)
    if kind in WHOLE | {"hook ends the process"}:
        return  # there a guard of the test's own refuses everything, or ate the event
    assert answer.code == 0, answer
    assert "permissionDecision" not in answer.stdout


@pytest.mark.parametrize("kind", BREAKAGES)
def test_open_means_let_through_and_told(guarded: World, kind: str) -> None:
    guarded.hook("guard", GUARD.replace("deny('not now')", "None"), lane=OPEN)
    BREAKAGES[kind](guarded)
    answer = guarded.launch("PreToolUse", BASH, OPEN)
    assert answer.code == 0
    assert answer.stderr == ""
    if kind not in WHOLE:
        assert list(answer.json) == ["systemMessage"]
        assert "hubctl" in answer.json["systemMessage"]


@pytest.mark.parametrize("lane", [OPEN, CLOSED])
def test_unbroken_the_line_answers_as_the_dispatcher(guarded: World, lane: str) -> None:
    guarded.hook("guard", GUARD, lane=lane, on_error=lane)
    answer = guarded.launch("PreToolUse", BASH, lane)
    assert (answer.code, answer.stderr) == (2, "not now\n")
    assert answer.specific["permissionDecisionReason"] == "not now"
    guarded.rows.clear()
    guarded.hook("quiet", "def decide(e, c):\n    pass\n", lane=lane)
    assert guarded.launch("PreToolUse", BASH, lane) == Answer(0, "", "")


REPAIRS = [
    "hubctl apply",
    "hubctl apply --yes",
    "hubctl apply api web --plan /tmp/plan.json",
    "hubctl drift --fix",
    "hubctl drift --fix api",
    "hubctl hooks install",
    "hubctl hooks verify --format=json",
    "hubctl hooks rollback --yes",
    "hubctl hooks status",
]
NO_REPAIRS = [
    "hubctl apply; rm -rf ~",
    "hubctl apply && rm -rf ~",
    "hubctl apply | sh",
    "hubctl apply $(rm -rf ~)",
    "hubctl apply `id`",
    "hubctl apply > ~/.bashrc",
    "hubctl apply\nrm -rf ~",
    'hubctl apply "x"',
    "hubctl apply 'x'",
    "hubctl apply & id",
    "hubctl apply \\",
    "hubctl applyx",
    "hubctl hooksx",
    "hubctl hooks",
    "hubctl hooks disable smart-safety-check",
    "hubctl hooks update --yes",
    "hubctl drift",
    "hubctl hooks verify; rm -rf ~",
    "hubctl",
    "rm -rf ~ # hubctl apply",
    "echo hubctl apply",
    "./hubctl apply",
    " hubctl apply",
    "",
]


def _says_repair(world: World, command: str, tool: str = "Bash") -> bool:
    text = event_text("PreToolUse", tool_name=tool, tool_input={"command": command})
    return world.launch("PreToolUse", text, CLOSED).code == 0


@pytest.mark.parametrize("broken", ["release", "registry"])
def test_shell_and_python_agree_on_what_repairs(guarded: World, broken: str) -> None:
    if broken == "release":
        shutil.rmtree(guarded.release)
    through = [command for command in REPAIRS + NO_REPAIRS if _says_repair(guarded, command)]
    assert through == REPAIRS
    assert not _says_repair(guarded, "hubctl apply", tool="mcp__shell__run")


def test_the_client_may_write_json_with_spaces_or_in_another_order(guarded: World) -> None:
    shutil.rmtree(guarded.release)
    compact = '{"tool_input":{"command":"hubctl apply"},"tool_name":"Bash"}\n'
    spaced = '{"tool_input": {"command": "hubctl apply"}, "tool_name": "Bash"}\n'
    assert guarded.launch("PreToolUse", compact, CLOSED).code == 0
    assert guarded.launch("PreToolUse", spaced, CLOSED).code == 0
    written = '{"tool_name":"Write","tool_input":{"content":"\\"command\\":\\"hubctl apply\\""}}\n'
    assert guarded.launch("PreToolUse", written, CLOSED).code == 2


def test_a_large_event_does_not_slow_the_shell_down(guarded: World) -> None:
    shutil.rmtree(guarded.release)
    text = event_text("PreToolUse", tool_name="Write", tool_input={"content": "x" * 2_000_000})
    assert _refused(guarded.launch("PreToolUse", text, CLOSED))


def test_the_kill_switch_also_works_while_broken(guarded: World) -> None:
    shutil.rmtree(guarded.release)
    assert guarded.launch("PreToolUse", BASH, CLOSED, HUBCTL_HOOKS="off") == Answer(0, "", "")


@pytest.mark.parametrize("name", sorted(contract.CLOSABLE))
def test_a_closed_event_is_refused_as_it_understands_it(guarded: World, name: str) -> None:
    shutil.rmtree(guarded.release)
    answer = guarded.launch(name, event_text(name), CLOSED)
    expected = contract.encode(name, contract.deny("x"))
    assert answer.code == expected[2]
    assert bool(answer.stdout) == bool(expected[0])
    assert "hubctl apply" in answer.stdout


def test_a_prompt_that_asks_for_the_repair_gets_through(guarded: World) -> None:
    shutil.rmtree(guarded.release)
    asked = event_text("UserPromptSubmit", prompt="please run hubctl apply")
    assert guarded.launch("UserPromptSubmit", asked, CLOSED).code == 0


@pytest.mark.parametrize("name", sorted(contract.EVENTS))
def test_an_open_event_never_blocks_and_is_never_silent(guarded: World, name: str) -> None:
    shutil.rmtree(guarded.release)
    answer = guarded.launch(name, event_text(name), OPEN)
    assert answer.code == 0
    assert "hubctl apply" in answer.stdout + answer.stderr
    if answer.stdout:
        assert list(answer.json) == ["systemMessage"]


def test_paths_with_spaces_quotes_and_dollars_are_paths(world: World) -> None:
    odd = world.root / 'it\'s a $HOME "folder"'
    shutil.copytree(world.root / "data", odd)
    world.hook("guard", GUARD, lane=OPEN)
    shutil.copytree(world.package, odd / "hooks/current/hooks_shared", dirs_exist_ok=True)
    machine = replace(world.machine, release=str(odd / "hooks" / "current"))
    line = machine_command(machine, "PreToolUse", OPEN)
    assert world.start(["/bin/sh", "-c", line], BASH).stderr == "not now\n"


@pytest.mark.parametrize("lane", ["project", "project-async"])
def test_committed_lines_name_no_machine_path_and_are_silent_without_hubctl(
    world: World, lane: str
) -> None:
    line = project_command("PreToolUse", lane)
    assert str(world.root) not in line and world.machine.interpreter not in line
    assert world.start(["/bin/sh", "-c", line], BASH) == Answer(0, "", "")


def test_committed_lines_run_the_installed_release(world: World) -> None:
    world.hook("guard", GUARD, lane="project")
    launch = world.release / "launch"
    launch.write_text(
        f'#!/bin/sh\nexec {world.machine.interpreter} -I -S "${{0%/*}}/run.py" "$@"\n'
    )
    launch.chmod(launch.stat().st_mode | stat.S_IXUSR)
    (world.root / "data" / "hubctl").mkdir()
    os.rename(world.root / "data" / "hooks", world.root / "data" / "hubctl" / "hooks")
    answer = world.start(["/bin/sh", "-c", project_command("PreToolUse", "project")], BASH)
    assert (answer.code, answer.stderr) == (2, "not now\n")


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_the_line_is_plain_posix(guarded: World, shell: str) -> None:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"no {shell} here")
    for lane in (OPEN, CLOSED):
        line = machine_command(guarded.machine, "PreToolUse", lane)
        done = subprocess.run([found, "-n", "-c", line], capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
