from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.system.hooks_package import store

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = st.dictionaries(st.text(max_size=10), st.integers() | st.text(max_size=20), max_size=4)


def _records(folder: Path) -> tuple[list[dict[str, object]], int]:
    found: list[dict[str, object]] = []
    damaged = 0
    for segment in sorted((folder / "spool").glob("*.jsonl")):
        records, bad = store.read_segment(segment.read_bytes())
        found += records
        damaged += bad
    return found, damaged


@settings(max_examples=60)
@given(RECORDS)
def test_a_sealed_line_is_json_and_comes_back(record: dict[str, object]) -> None:
    line = store.seal(record)
    assert "\n" not in line
    assert json.loads(line)["record"] == record
    assert store.unseal(line) == record


@settings(max_examples=60)
@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    line = store.seal({"a": 1, "text": "hello", "list": [1, 2]}).encode()
    at = data.draw(st.integers(0, len(line) - 1))
    other = data.draw(st.integers(1, 255))
    changed = line[:at] + bytes([line[at] ^ other]) + line[at + 1 :]
    records, damaged = store.read_segment(changed)
    assert records == [] and damaged > 0


def test_lines_are_appended_and_read_in_order(tmp_path: Path) -> None:
    for number in range(5):
        assert store.append(str(tmp_path), {"n": number})
    assert _records(tmp_path) == ([{"n": number} for number in range(5)], 0)


def test_a_torn_line_spoils_no_other(tmp_path: Path) -> None:
    store.append(str(tmp_path), {"n": 1})
    (segment,) = (tmp_path / "spool").iterdir()
    with segment.open("ab") as file:
        file.write(b'\n{"crc":"12345678","n"')
    store.append(str(tmp_path), {"n": 2})
    assert _records(tmp_path) == ([{"n": 1}, {"n": 2}], 1)


def test_a_line_too_long_is_refused_whole(tmp_path: Path) -> None:
    assert not store.append(str(tmp_path), {"x": "y" * store.LINE_BYTES})
    assert not (tmp_path / "spool").exists()


def test_segments_and_the_spool_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SEGMENT_BYTES", 1000)
    monkeypatch.setattr(store, "SPOOL_BYTES", 5000)
    for number in range(400):
        assert store.append(str(tmp_path), {"n": number})
    segments = sorted((tmp_path / "spool").iterdir())
    assert sum(path.stat().st_size for path in segments) <= 5000 + 1000
    assert all(path.stat().st_size < 1000 + 100 for path in segments)
    records, damaged = _records(tmp_path)
    numbers = [record["n"] for record in records]
    assert numbers == list(range(400 - len(numbers), 400)) and damaged == 0


def test_the_number_of_segments_is_bounded(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    for day in range(store.SPOOL_FILES + 50):
        (spool / f"2020{day:04d}-0000.jsonl").touch()
    store.append(str(tmp_path), {"n": 1})
    names = sorted(path.name for path in spool.iterdir())
    assert len(names) == store.SPOOL_FILES
    assert names[0] == "20200051-0000.jsonl"


def test_a_clock_that_went_back_writes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SEGMENT_BYTES", 1000)
    spool = tmp_path / "spool"
    spool.mkdir()
    (spool / "29990101-0007.jsonl").touch()
    for number in range(60):
        assert store.append(str(tmp_path), {"n": number})
    sizes = {path.name: path.stat().st_size for path in spool.iterdir()}
    assert len(sizes) > 2 and max(sizes.values()) < 1100
    assert {name[:8] for name in sizes} == {"29990101"}
    assert [record["n"] for record in _records(tmp_path)[0]] == list(range(60))


def test_a_name_of_somebody_else_s_stops_nothing(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    for name in ("zzz.jsonl", "29990101.jsonl", "29990101-x.jsonl", "2999é101-0000.jsonl"):
        (spool / name).write_text("")
    assert store.append(str(tmp_path), {"n": 1})
    assert _records(tmp_path) == ([{"n": 1}], 0)


def test_no_segment_is_named_as_one_that_was_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, real = set(), time.gmtime
    for second in (100, 130, 3000, 86_000):
        monkeypatch.setattr(time, "gmtime", lambda at=second: real(at))
        store.append(str(tmp_path), {"n": 1})
        (segment,) = (tmp_path / "spool").iterdir()
        names.add(segment.name)
        segment.unlink()
    assert len(names) == 4


@pytest.mark.parametrize("what", ["file", "link", "pipe"])
def test_an_unusable_spool_is_an_answer_no_error(tmp_path: Path, what: str) -> None:
    if what == "file":
        (tmp_path / "spool").write_text("")
    elif what == "pipe":
        (tmp_path / "spool").mkdir()
        os.mkfifo(tmp_path / "spool" / "29990101-0000.jsonl")
    else:
        (tmp_path / "spool").symlink_to(tmp_path / "nowhere" / "at" / "all")
    assert store.append(str(tmp_path), {"n": 1}) is False


def test_state_is_kept_per_session_and_hook(tmp_path: Path) -> None:
    folder = str(tmp_path)
    assert store.update_session(folder, "s1", "a", lambda state: {**state, "n": 1}) == {"n": 1}
    assert store.update_session(folder, "s1", "b", lambda state: {**state, "m": 2}) == {"m": 2}
    assert store.update_session(folder, "s2", "a", lambda state: None) == {}
    assert store.update_session(folder, "s1", "a", lambda state: None) == {"n": 1}


@pytest.mark.parametrize("session", ["../../etc/passwd", "", "a/b", "\0", "é" * 300, ".", ".."])
def test_no_session_id_leads_out_of_the_folder(tmp_path: Path, session: str) -> None:
    store.update_session(str(tmp_path), session, "hook", lambda state: {"n": 1})
    assert {path.parent for path in tmp_path.rglob("*.json")} == {tmp_path / "sessions"}


@pytest.mark.parametrize("damage", ["", "{", '{"crc":"00000000","n":1}', "\xff"])
def test_damaged_state_is_set_aside_and_starts_anew(tmp_path: Path, damage: str) -> None:
    folder = str(tmp_path)
    store.update_session(folder, "s", "h", lambda state: {"n": 1})
    (path,) = (tmp_path / "sessions").glob("*.json")
    path.write_text(damage)
    assert store.update_session(folder, "s", "h", lambda state: {**state, "n": 5}) == {"n": 5}
    assert path.with_name(path.name + ".damaged").read_text() == damage
    assert store.update_session(folder, "s", "h", lambda state: None) == {"n": 5}


def test_state_is_bounded_and_what_stands_stays(tmp_path: Path) -> None:
    folder = str(tmp_path)
    most = "x" * (store.STATE_BYTES - 100)
    assert store.update_session(folder, "s", "h", lambda state: {"n": most}) == {"n": most}
    assert store.update_session(folder, "s", "h", lambda state: {"n": most * 2}) is None
    assert store.update_session(folder, "s", "h", lambda state: None) == {"n": most}
    assert [path.name for path in (tmp_path / "sessions").glob("*.damaged")] == []


def test_old_sessions_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SESSION_FILES", 20)
    for number in range(60):
        store.update_session(str(tmp_path), f"s{number}", "h", lambda state: {"n": 1})
    assert len(list((tmp_path / "sessions").iterdir())) <= 22
    assert store.update_session(str(tmp_path), "s59", "h", lambda state: None) == {"n": 1}


def test_forgetting_leaves_the_lock_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SESSION_FILES", 20)
    store.update_session(str(tmp_path), "first", "h", lambda state: {"n": 1})
    lock = tmp_path / "sessions" / "lock"
    before = lock.stat().st_ino
    os.utime(lock, (0, 0))
    for number in range(60):
        store.update_session(str(tmp_path), f"s{number}", "h", lambda state: {"n": 1})
    assert lock.stat().st_ino == before


def test_a_mark_is_new_once_a_session(tmp_path: Path) -> None:
    folder = str(tmp_path)
    assert [store.first_time(folder, "s", "x") for _ in range(3)] == [True, False, False]
    assert store.first_time(folder, "s", "y") and store.first_time(folder, "t", "x")
    assert store.first_time("/dev/null", "s", "x") and store.first_time("/dev/null", "s", "x")


def test_replacing_leaves_the_old_text_where_the_disk_refuses(tmp_path: Path) -> None:
    path = tmp_path / "page"
    store.replace(str(path), "old")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))"
    code = f"{limit}; import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)"
    code += f"; from hooks_shared import store; store.replace({str(path)!r}, 'x' * 5000)"
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 1 and b"File too large" in done.stderr
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["page"]


WRITERS, UPDATES, KILLS = 16, 1000, 60


def _writer(folder: str, name: int) -> None:
    """Update and append until UPDATES are acknowledged, going on from where a kill left it."""
    acknowledged = os.open(f"{folder}/acknowledged-{name}", os.O_RDWR | os.O_CREAT)
    for number in range(int(os.pread(acknowledged, 9, 0) or b"0"), UPDATES):
        done = store.update_session(folder, "s", "h", lambda state: _counted(state, name))
        assert done is not None
        assert store.append(folder, {"writer": name, "n": number})
        os.pwrite(acknowledged, str(number + 1).encode(), 0)


def _counted(state: dict[str, object], name: int) -> dict[str, object]:
    was = state.get(str(name), 0)
    assert isinstance(was, int)
    return {**state, str(name): was + 1}


def test_killed_writers_lose_nothing_they_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SEGMENT_BYTES", 100_000)  # several are begun meanwhile
    kills = _run_and_kill(str(tmp_path))
    state = store.update_session(str(tmp_path), "s", "h", lambda state: None)
    records, damaged = _records(tmp_path)
    assert state is not None and damaged <= sum(kills)
    assert len(list((tmp_path / "spool").iterdir())) > 5
    for name in range(WRITERS):
        assert UPDATES <= int(str(state[str(name)])) <= UPDATES + kills[name]
        spooled = [record["n"] for record in records if record["writer"] == name]
        assert set(spooled) == set(range(UPDATES))
        assert len(spooled) <= UPDATES + kills[name]


def _run_and_kill(folder: str) -> list[int]:
    """Run all writers to their end, with KILLS of them killed and begun again; kills of each."""
    context = multiprocessing.get_context("fork")
    chance = random.Random(7)
    kills = [0] * WRITERS

    def begin(name: int) -> multiprocessing.process.BaseProcess:
        process = context.Process(target=_writer, args=(folder, name))
        process.start()
        return process

    running = [begin(name) for name in range(WRITERS)]
    for _ in range(KILLS):
        running[0].join(chance.uniform(0, 0.04))
        name = chance.randrange(WRITERS)
        running[name].kill()
        running[name].join(30)
        kills[name] += running[name].exitcode == -signal.SIGKILL
        running[name] = begin(name)
    for process in running:
        process.join(120)
        assert process.exitcode == 0
    assert sum(kills) > KILLS // 3
    return kills
