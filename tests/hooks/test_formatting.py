"""Formatters of the table, real ones too, and the parts that run, compare and replace."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from hooks_shared import child
from hooks_shared.formatting import changes, place, table
from hooks_shared.formatting.choose import choose
from tests.hooks.formatting_case import CONFIG, UPPER, Repo


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    return Repo.at(tmp_path.resolve(), monkeypatch)


def _put_while(
    path: Path, monkeypatch: pytest.MonkeyPatch, name: str, act: Any, *, after: bool
) -> str:
    """`place.put` with `act()` before or after the first call of one of its steps."""
    real = getattr(place, name)
    calls: list[bool] = []

    def step(*args: Any) -> Any:
        first = not calls
        calls.append(True)
        if first and not after:
            act()
        result = real(*args)
        if first and after:
            act()
        return result

    monkeypatch.setattr(place, name, step)
    return place.put(str(path), b"old\n", b"new\n")


@pytest.mark.parametrize("swaps", [True, False])
@pytest.mark.parametrize("how", ["in place", "renamed"])
def test_a_save_at_the_last_instant_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, swaps: bool
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old\n")
    if not swaps:
        monkeypatch.setattr(place, "_swap", lambda one, other: False)

    def save() -> None:
        if how == "in place":
            path.write_bytes(b"saved\n")
        else:
            (tmp_path / "b").write_bytes(b"saved\n")
            (tmp_path / "b").rename(path)

    step = "_swap" if swaps else "_rename_over"
    assert _put_while(path, monkeypatch, step, save, after=False) == place.MOVED
    assert path.read_bytes() == b"saved\n"
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_of_two_saves_within_one_swap_the_later_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old\n")
    real = place._swap

    def swap(one: str, other: str) -> bool:
        number = len(calls)
        calls.append(1)
        if number < 2:
            path.write_bytes([b"first\n", b"second\n"][number])
        return real(one, other)

    calls: list[int] = []
    monkeypatch.setattr(place, "_swap", swap)
    assert place.put(str(path), b"old\n", b"new\n") == place.MOVED
    assert path.read_bytes() == b"second\n"
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("swaps", [True, False])
def test_no_save_of_an_editor_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swaps: bool
) -> None:
    """An editor that saves by renaming, as often as it can, against a formatter without pause."""
    path, saves = tmp_path / "a", 400
    path.write_bytes(b"save 0\n")
    if not swaps:
        # Without a swap a rename within microseconds of ours wins or loses, but never tears.
        monkeypatch.setattr(place, "_swap", lambda one, other: False)

    def edit() -> None:
        for number in range(1, saves + 1):
            hashlib.sha256(bytes(random.randrange(1_000_000))).digest()  # now and then a pause
            (tmp_path / "b").write_bytes(f"save {number}\n".encode())
            (tmp_path / "b").rename(path)

    editor = threading.Thread(target=edit)
    editor.start()
    done = moved = 0
    while editor.is_alive():
        old = place.read(str(path), 1000)
        if old is None:
            continue  # replaced between two looks
        assert old.lower().startswith(b"save ") and old.endswith(b"\n")
        answer = place.put(str(path), old, old.upper())
        done += answer == ""
        moved += answer == place.MOVED
    editor.join(30)
    assert done + moved and path.exists()
    if swaps:
        assert path.read_bytes().lower() == f"save {saves}\n".encode()
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_a_full_disk_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old\n")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(place.os, "fsync", full)
    assert place.put(str(path), b"old\n", b"new\n") == "No space left on device"
    assert [one.name for one in tmp_path.iterdir()] == ["a"] and path.read_bytes() == b"old\n"


REAL = [
    ("ruff", "a.py", "x = {  'a':1 }\n", 'x = {"a": 1}\n', "x = (\n", CONFIG),
    ("gofmt", "a.go", "package a\nfunc  f( ) {}\n", "package a\n\nfunc f() {}\n",
     "package a\nfunc f( {\n", {}),
    ("rustfmt", "src/a.rs", "mod   other;\nasync fn f(){}\n", "mod other;\nasync fn f() {}\n",
     "fn f( {\n", {"Cargo.toml": '[package]\nedition = "2021"\n'}),
    ("terraform", "a.tf", "a   = 1\n", "a = 1\n", "a =\n", {}),
]  # fmt: skip


def _installed(name: str) -> str:
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else shutil.which(name) or ""


FOUND = {name: _installed(name) for name, *_ in REAL}


@pytest.mark.parametrize("row", REAL, ids=[row[0] for row in REAL])
def test_real_formatters(repo: Repo, monkeypatch: pytest.MonkeyPatch, row: Any) -> None:
    name, file, text, formatted, broken, files = row
    if not FOUND[name]:
        pytest.skip(f"{name} is not installed here")
    monkeypatch.setenv("PATH", f"{Path(FOUND[name]).parent}:/usr/bin:/bin")
    for config, content in files.items():
        repo.write(config, content)
    path = repo.write(file, text)
    verdict = repo.touched(path)
    assert path.read_text() == formatted
    assert verdict and f"{name} formatted {file}; it now differs" in verdict.context
    assert repo.touched(path) is None
    path.write_text(broken)
    verdict = repo.touched(path)
    assert path.read_text() == broken
    assert verdict and f"{name} does not take {file} as it is: " in verdict.context
    assert len(verdict.context) < 350


EDITIONS = [
    ({}, "2021"),
    ({"Cargo.toml": '[package]\nedition = "2018"\n'}, "2018"),
    ({"Cargo.toml": '[workspace.package]\nedition = "2024" # new\n',
      "a/Cargo.toml": "[package]\nedition.workspace = true\n"}, "2024"),
    ({"Cargo.toml": "edition = \n", "a/Cargo.toml": "\0"}, "2021"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "edition"), EDITIONS, ids=str)
def test_the_edition_of_rust_is_the_crates(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], edition: str
) -> None:
    repo.program("bin/rustfmt", UPPER)
    monkeypatch.setenv("PATH", str(repo.root / "bin"))
    for name, text in files.items():
        repo.write(name, text)
    choice = choose(str(repo.root / "a/src/x.rs"), str(repo.root), {})
    assert choice and choice.command[-2:] == ["--edition", edition]


def test_every_row_of_the_table_can_be_chosen(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repo.root / "bin"))
    for row in table.FORMATTERS:
        repo.program(f"bin/{row.command[0]}", "cat")
        assert row.languages and set(row.languages) <= set(table.LANGUAGES.values())
        for suffix, language in table.LANGUAGES.items():
            if language in row.languages:
                path = str(repo.root / f"x{suffix}")
                choice = choose(path, str(repo.root), {language: row.id})
                assert choice and choice.name == row.id and choice.command
                assert not any("{" in word for word in choice.command)
    assert {row.id for row in table.FORMATTERS} == set(table.NAMES)


CHANGES = [
    ("a\nb\n", "a\nB\n", "line 2"),
    ("a\nb\nc\nd\n", "A\nb\nC\nD\n", "lines 1, 3-4"),
    ("a\nb\nc\n", "a\nc\n", "line 2"),
    ("a\n", "a\nb\nc\n", "lines 2-3"),
    ("a", "a\n", "line 2"),
    ("x\n" * 9000, "y\n" * 9000, "lines 1-9000"),
    ("a\nx\n" * 20, "b\nx\n" * 20, "lines 1, 3, 5, 7, 9, 11 and 14 more places"),
]


@pytest.mark.parametrize(("old", "new", "told"), CHANGES, ids=[told for *_, told in CHANGES])
def test_what_changed_is_told_in_a_few_words(old: str, new: str, told: str) -> None:
    assert changes.told(old.encode(), new.encode()) == told


LOST = [
    ("abc", "", True),
    ("   \n", "", False),
    ("x = 1\n", "x=1\n", False),
    ("a" * 300, "a" * 100, True),
    ("é" * 300, "é" * 100, True),
    ("(a)\n" * 100, "a\n" * 100, False),
    ("import os\nx\n", "x\n", False),
]


@pytest.mark.parametrize(("old", "new", "lost"), LOST)
def test_a_formatter_that_loses_text_is_known(old: str, new: str, lost: bool) -> None:
    assert changes.lost_text(old.encode(), new.encode()) is lost


def test_a_program_that_cannot_start_is_none(tmp_path: Path) -> None:
    assert child.run(["/dev/null/program"], str(tmp_path), 1) is None
    assert child.run(["/bin/cat"], "/dev/null", 1) is None
    assert child.run(["/bin/cat", "a\0b"], str(tmp_path), 1) is None


def test_a_program_gets_its_input_whole_and_answers_whole(tmp_path: Path) -> None:
    data = os.urandom(1 << 20)
    ended = child.run(["/bin/cat"], str(tmp_path), 20, data)
    assert ended and (ended.code, ended.late, ended.stdout) == (0, False, data)


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    def count() -> int:
        return len(os.listdir("/dev/fd"))

    child.run(["/bin/true"], str(tmp_path), 5)
    before = count()
    for command in (["/bin/cat"], ["/nowhere"], ["/bin/sleep", "9"]):
        child.run(command, str(tmp_path), 0.2, b"x" * 100_000)
    assert count() == before


KILLED = "lambda *given: os.kill(os.getpid(), 9)"
KILLS = {"before the two change places": "_change_places", "after": "_remove"}


@pytest.mark.parametrize("when", KILLS)
def test_what_a_killed_run_left_is_taken_away_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old\n")
    code = "import os, sys; from hooks_shared.formatting import place; "
    code += f"place.{KILLS[when]} = {KILLED}; place.put(sys.argv[1], b'old\\n', b'new\\n')"
    program = [sys.executable, "-c", code, str(path)]
    assert subprocess.run(program, check=False, timeout=60).returncode == -9
    assert len(list(tmp_path.iterdir())) == 2
    monkeypatch.setattr(place, "_ABANDONED_SECONDS", -1)
    assert place.put(str(path), path.read_bytes(), b"newer\n") == ""
    assert [one.name for one in tmp_path.iterdir()] == ["a.py"]


def test_what_another_run_may_still_need_and_what_somebody_saved_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old\n")
    saved = tmp_path / ".a.py.hubctl-00000000-11111111-99"
    saved.write_bytes(b"a week of work\n")
    young = tmp_path / ".b.py.hubctl-00000000-11111111-98"  # the sum of nothing is 00000000
    young.touch()
    assert place.put(str(path), b"old\n", b"new\n") == ""
    assert young.exists()
    monkeypatch.setattr(place, "_ABANDONED_SECONDS", -1)
    assert place.put(str(path), b"new\n", b"newer\n") == ""
    assert not young.exists() and saved.read_bytes() == b"a week of work\n"
