"""Somebody else writes at the same moment: at every single effect, in every way people write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hubctl.system.wrappers import CountingFiles
from tests.support.doors import SYSTEMS, meanwhile
from tests.support.workbench import SETTINGS, Workbench, block, link, setting, snapshot, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hubctl.model.item import Item

THEIRS = b'{"mine": "written at the same moment"}\n'
RULE = ".claude/rules/a.md"


def in_place(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        path.unlink()
    path.write_bytes(THEIRS)


def by_rename(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name("their-temporary").write_bytes(THEIRS)
    path.with_name("their-temporary").rename(path)


def as_link(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name("theirs").write_bytes(THEIRS)
    path.unlink(missing_ok=True)
    path.symlink_to("theirs")


WAYS = {"in place": in_place, "by rename": by_rename, "as a link": as_link}

# What they write to, what stands there first (None: nothing), what is applied before, what then.
CASES: dict[str, tuple[str, bytes | None, Sequence[Item], Sequence[Item]]] = {
    "field": (SETTINGS, b'{"theme": "dark"}', (), [setting("/model", "opus")]),
    "new file": (RULE, None, (), [whole(RULE, "ours\n")]),
    "whole file": (RULE, None, [whole(RULE, "old\n")], [whole(RULE, "new\n")]),
    "deletion": (RULE, None, [whole(RULE, "old\n")], ()),
    "block": ("CLAUDE.md", b"mine\n", [block("old\n")], [block("new\n")]),
    "new link": ("l", None, (), [link("l", "a")]),
    "link": ("l", None, [link("l", "a")], [link("l", "b")]),
    "gone link": ("l", None, [link("l", "a")], ()),
}


def prepared(root: Path, case: str) -> tuple[Workbench, Path, Sequence[Item]]:
    path, data, first, then = CASES[case]
    bench = Workbench(root=root / "api", state=root / "state")
    if data is not None:
        bench.put(path, data)
    if first:
        bench.apply(first)
    return bench, bench.root / path, then


def effects(root: Path, case: str, system: str) -> int:
    bench, _, then = prepared(root, case)
    bench.door = CountingFiles(SYSTEMS[system](), lambda *_: None)
    bench.apply(then)
    return bench.door.steps


def is_safe(system: str, case: str, way: str) -> bool:
    """Without swapping, the instant right before a rename is open to renames of others."""
    replaces = way != "in place" or case == "link"
    return system == "swap" or not replaces or case in ("new file", "new link", "deletion")


SAFE = [
    (system, case, way)
    for system in ("swap", "hard-links")
    for case in CASES
    for way in WAYS
    if is_safe(system, case, way)
]


@pytest.mark.parametrize(("system", "case", "way"), SAFE)
def test_what_somebody_writes_meanwhile_is_never_lost(
    tmp_path: Path, system: str, case: str, way: str
) -> None:
    for step in range(1, effects(tmp_path / "count", case, system) + 1):
        bench, path, then = prepared(tmp_path / str(step), case)
        plan = bench.plan(then)
        bench.door = meanwhile(SYSTEMS[system](), step, lambda p=path: WAYS[way](p))
        bench.carry_out(plan, prune=True)
        assert path.read_bytes() == THEIRS, f"step {step}"
        assert path.is_symlink() is (way == "as a link"), f"step {step}"
        leftovers = [name for name in snapshot(bench.root) if ".hubctl-" in name]
        assert leftovers == [], f"step {step}"


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("case", CASES)
def test_every_file_system_gets_the_same_result(tmp_path: Path, case: str, system: str) -> None:
    usual, _, then = prepared(tmp_path / "usual", case)
    usual.apply(then)
    bench, _, _ = prepared(tmp_path / "other", case)
    bench.door = SYSTEMS[system]()
    bench.apply(then)
    assert snapshot(bench.root) == snapshot(usual.root)


def chmod(path: Path) -> None:
    path.chmod(0o600)


def replace_twice(path: Path) -> Callable[[], None]:
    """Somebody saves in the gap, and again while hubctl puts the first save back."""
    saves = iter((b"first save\n", b"second save\n"))

    def save() -> None:
        data = next(saves, None)
        if data is not None:
            path.with_name("their-temporary").write_bytes(data)
            path.with_name("their-temporary").rename(path)

    return save


def test_the_later_of_two_saves_stands_and_the_earlier_is_kept(tmp_path: Path) -> None:
    bench, path, then = prepared(tmp_path, "whole file")
    save = replace_twice(path)

    def before(_number: int, name: str, at: str) -> None:
        if at == str(path) and name == "rename":
            save()

    bench.door = CountingFiles(SYSTEMS["swap"](), before)
    outcome = bench.apply(then)
    assert outcome.failed
    kept = [p.read_bytes() for p in path.parent.iterdir()]
    assert b"first save\n" in kept
    assert b"second save\n" in kept


def test_a_mode_set_meanwhile_stays(tmp_path: Path) -> None:
    for step in range(1, effects(tmp_path / "count", "field", "swap") + 1):
        bench, path, then = prepared(tmp_path / str(step), "field")
        plan = bench.plan(then)
        bench.door = meanwhile(SYSTEMS["swap"](), step, lambda p=path: chmod(p))
        bench.carry_out(plan)
        assert path.stat().st_mode & 0o777 == 0o600, f"step {step}"
