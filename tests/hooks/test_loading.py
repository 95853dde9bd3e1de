"""Modules from a release's bytecode: what is broken there is answered by policy, as all else."""

from __future__ import annotations

import compileall
import sys
from py_compile import PycInvalidationMode
from typing import TYPE_CHECKING

import pytest

from tests.hooks.inputs import event_text
from tests.hooks.world import CLOSED, OPEN, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GUARD = "def decide(event, context):\n    return deny('not now')\n"
BASH = event_text("PreToolUse", tool_name="Bash", tool_input={"command": "ls"})
REPAIR = event_text("PreToolUse", tool_name="Bash", tool_input={"command": "hubctl apply"})


@pytest.fixture
def compiled(world: World) -> World:
    """A release as it is installed, with a guard that refuses everything."""
    world.hook("guard", GUARD, lane=CLOSED, on_error=CLOSED)
    mode = PycInvalidationMode.UNCHECKED_HASH
    assert compileall.compile_dir(world.release, quiet=2, invalidation_mode=mode)
    return world


def bytecode(world: World, module: str) -> Path:
    path = world.package / f"{module}.py"
    return path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.pyc"


def test_bytecode_is_what_runs(compiled: World) -> None:
    for path in compiled.package.rglob("*.py"):
        path.write_text("raise RuntimeError\n")
    assert compiled.run("PreToolUse", BASH).stderr == "not now\n"


@pytest.mark.parametrize("module", ["dispatch", "families/tests/guard", "families/__init__"])
def test_without_it_the_source_runs(compiled: World, module: str) -> None:
    bytecode(compiled, module).unlink()
    assert compiled.run("PreToolUse", BASH).stderr == "not now\n"


def test_bytecode_of_another_kind_is_left_to_the_interpreter(compiled: World) -> None:
    path = bytecode(compiled, "families/tests/guard")
    source = compiled.package / "families/tests/guard.py"
    source.write_text(source.read_text().replace("not now", "not today"))
    path.write_bytes(b"\0\0\0\0" + path.read_bytes()[4:])
    assert compiled.run("PreToolUse", BASH).stderr == "not today\n"


def _cut(path: Path, share: float) -> None:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


# What of it the interpreter's own way would take for no bytecode, and read the source instead.
HEALED = {"empty", "a folder"}
DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "a folder": _folder,
    "its head alone": lambda path: path.write_bytes(path.read_bytes()[:16]),
    "cut in half": lambda path: _cut(path, 0.5),
    "cut near its end": lambda path: _cut(path, 0.95),
    "nothing behind its head": lambda path: path.write_bytes(path.read_bytes()[:16] + b"\0" * 99),
    "no code": lambda path: path.write_bytes(path.read_bytes()[:16] + b"i\1\0\0\0"),
}


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("module", ["dispatch", "contract", "families/tests/guard"])
def test_damaged_bytecode_never_lets_through(compiled: World, module: str, kind: str) -> None:
    DAMAGES[kind](bytecode(compiled, module))
    answer = compiled.launch("PreToolUse", BASH, CLOSED)
    assert answer.code == 2
    assert answer.specific["permissionDecision"] == "deny"
    assert ("not now" in answer.stderr) == (kind in HEALED)
    if kind not in HEALED:
        assert compiled.launch("PreToolUse", REPAIR, CLOSED).code == 0


@pytest.mark.parametrize("kind", sorted(set(DAMAGES) - HEALED))
def test_damaged_bytecode_of_an_adviser_lets_through_and_is_told(world: World, kind: str) -> None:
    world.hook("adviser", "def decide(event, context):\n    pass\n", lane=OPEN)
    mode = PycInvalidationMode.UNCHECKED_HASH
    assert compileall.compile_dir(world.release, quiet=2, invalidation_mode=mode)
    DAMAGES[kind](bytecode(world, "families/tests/adviser"))
    answer = world.launch("PreToolUse", BASH, OPEN)
    assert (answer.code, list(answer.json)) == (0, ["systemMessage"])
    assert "the hook adviser did not work" in answer.json["systemMessage"]
