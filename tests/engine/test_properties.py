"""Laws of apply over random files of a user and random wishes of a hub."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubctl.engine.apply import Executor
from hubctl.engine.journal import Entry
from hubctl.engine.rollback import reverse
from hubctl.model.state import Status
from tests.support.workbench import (
    SETTINGS,
    NoUnits,
    Workbench,
    allow,
    block,
    link,
    setting,
    snapshot,
    whole,
)

FAST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.data_too_large])

words = st.sampled_from(["model", "theme", "env", "permissions", "x", "ключ", "a/b", "q~", ""])
scalars = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=6))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
users = st.dictionaries(words, values, max_size=6)


@st.composite
def user_files(draw) -> bytes:
    """A settings file as some hand or tool may have written it."""
    value = draw(users)
    indent = draw(st.sampled_from([None, 1, 2, 4, "\t"]))
    text = json.dumps(value, indent=indent, ensure_ascii=draw(st.booleans()))
    text += draw(st.sampled_from(["", "\n", "\n\n"]))
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if draw(st.booleans()) else b"") + text.encode()


@st.composite
def wishes(draw) -> list:
    """Some items; their addresses never lie inside one another."""
    pool = [
        setting("/model", draw(st.sampled_from(["opus", "sonnet"]))),
        setting("/env/APP", draw(st.text(max_size=5))),
        setting("/outputStyle", draw(st.text(max_size=5))),
        setting("/sandbox/network/allowedDomains", ["a", "b"]),
        allow("Bash(ls *)"),
        allow("Bash(git *)"),
        block(draw(st.sampled_from(["Be kind.\n", "One.\n\nTwo.\n", "ünï\n"]))),
        whole(".claude/rules/a.md", draw(st.text(alphabet="ab\n", max_size=8)) + "\n"),
        whole("new/deep/b.sh", "#!/bin/sh\n", executable=True),
        link(".claude/hooks/hubctl", draw(st.sampled_from(["/a", "/b"]))),
    ]
    return [item for item in pool if draw(st.booleans())]


def bench_in(folder: str) -> Workbench:
    place = Path(folder)
    return Workbench(root=place / "api", state=place / "state")


def foreign(value: object, owned: set[tuple[str, ...]], at: tuple[str, ...] = ()) -> object:
    """What remains of a parsed file when everything owned is taken out."""
    if not isinstance(value, dict):
        return value
    return {
        key: foreign(item, owned, (*at, key))
        for key, item in value.items()
        if (*at, key) not in owned
    }


def load(data: bytes) -> object:
    return json.loads(data.decode("utf-8-sig"))


@FAST
@given(user_files(), wishes())
def test_what_is_not_ours_survives_and_a_second_apply_does_nothing(data, items):
    with tempfile.TemporaryDirectory() as folder:
        bench = bench_in(folder)
        bench.put(SETTINGS, data)
        plan = bench.plan(items)
        blocked = {c.address for c in plan.changes if c.status is Status.CONFLICT}
        bench.carry_out(plan)
        ours = [i for i in items if i.address.path == SETTINGS and i.address not in blocked]
        owned = {i.address.pointer for i in ours if i.address.part.value == "field"}
        before, after = load(data), load(bench.read(SETTINGS))
        for pointer, value in before.items():
            if (pointer,) not in owned:
                kept = foreign(after, owned).get(pointer)
                assert contains(kept, foreign(value, owned, (pointer,)))
        state = snapshot(bench.root)
        again = bench.plan(items)
        assert {c.address for c in again.changes} == blocked
        bench.carry_out(again)
        assert snapshot(bench.root) == state


def contains(now: object, was: object) -> bool:
    """Everything of `was` still stands in `now`, in order; we may have added beside it."""
    if isinstance(was, dict):
        return isinstance(now, dict) and all(contains(now.get(k), was[k]) for k in was)
    if isinstance(was, list) and isinstance(now, list):
        return now[: len(was)] == was
    return type(now) is type(was) and now == was


@FAST
@given(user_files(), wishes(), wishes())
def test_rollback_after_apply_is_the_identity(data, first, second):
    with tempfile.TemporaryDirectory() as folder:
        bench = bench_in(folder)
        bench.put(SETTINGS, data)
        bench.put("CLAUDE.md", data)
        bench.apply(first)
        before = snapshot(bench.root)
        last = bench.journal.ids()
        bench.apply(second, prune=True)
        new = [entry_id for entry_id in bench.journal.ids() if entry_id not in last]
        for entry_id in new:
            reversal = reverse(bench.journal.read(entry_id), bench.door)
            assert reversal.changed == ()
            entry = Entry(id=f"{entry_id}-r", time="t", command="r", batches=reversal.batches)
            run = Executor(door=bench.door, journal=bench.journal, units=NoUnits()).run(entry)
            assert not any(outcome.failed for outcome in run)
        assert snapshot(bench.root) == before


@FAST
@given(user_files(), st.binary(max_size=40).filter(lambda b: b"\0" not in b), wishes())
def test_adding_and_removing_content_gives_every_byte_back(data, text, items):
    with tempfile.TemporaryDirectory() as folder:
        bench = bench_in(folder)
        bench.put(SETTINGS, data)
        bench.put("CLAUDE.md", text)
        before = snapshot(bench.root)
        bench.apply(items)
        bench.apply([], prune=True)
        after = snapshot(bench.root)
        assert after == before


@FAST
@given(user_files(), wishes())
def test_planning_never_writes(data, items):
    with tempfile.TemporaryDirectory() as folder:
        bench = bench_in(folder)
        bench.put(SETTINGS, data)
        before = snapshot(Path(folder))
        first, second = bench.plan(items), bench.plan(items)
        assert first == second
        assert snapshot(Path(folder)) == before
