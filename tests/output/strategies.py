"""Hypothesis strategies for every kind of value, change, finding and plan."""

from __future__ import annotations

from hypothesis import strategies as st

from hubctl.model.address import Address, element_fragment, join_pointer
from hubctl.model.change import Change, Plan, TargetPlan
from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.item import BlockText, FileText, Handler, JsonValue, LinkTo, UnitState
from hubctl.model.report import Outcome
from hubctl.model.state import ABSENT, Action, Scope, Status

# Any character a JSON document can hold, half a surrogate pair included.
words = st.text(st.characters(codec=None), max_size=12)
names = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,6}", fullmatch=True)
keys = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(words, json_values, max_size=3)

values = st.one_of(
    st.builds(FileText, text=words, executable=st.booleans()),
    st.builds(BlockText, text=words, comment=st.sampled_from(["html", "hash"])),
    st.builds(LinkTo, destination=words),
    st.builds(JsonValue, value=json_values),
    st.builds(Handler, matcher=words, entry=objects, ours=st.booleans()),
    st.builds(UnitState, state=st.sampled_from(["enabled", "disabled", "active", "inactive"])),
)

paths = st.lists(
    st.from_regex(r"[A-Za-z0-9_.-]{1,8}", fullmatch=True).filter(lambda p: p not in (".", "..")),
    min_size=1,
    max_size=3,
).map("/".join)
pointers = st.lists(keys, min_size=1, max_size=3).map(lambda parts: join_pointer(tuple(parts)))
fragments = st.one_of(
    st.just(""),
    pointers,
    st.builds(
        lambda parts, value: element_fragment(tuple(parts), value),
        st.lists(keys, min_size=1, max_size=2),
        scalars,
    ),
    names.map(lambda name: f"block:{name}"),
    names.map(lambda name: f"hook:PreToolUse/{name}"),
)
locations = st.builds(
    Location, file=words, line=st.integers(0, 10**6), column=st.integers(0, 10**4)
)
codes = st.sampled_from([0, 1, 2, 3, 4])
findings = st.builds(
    Finding,
    rule=st.sampled_from(["drift/drifted", "canonical/unknown-key", "documents/unparsable"]),
    severity=st.sampled_from(Severity),
    message=words,
    location=st.none() | locations,
    path=words,
    address=words,
    decided_by=st.none() | locations,
    expected=words,
    hint=words,
    exit_code=codes,
)


def changes_of(target):
    return st.builds(
        Change,
        address=st.builds(Address, target=st.just(target), path=paths, fragment=fragments),
        scope=st.sampled_from(Scope),
        renderer=st.sampled_from(["", "settings", "commands"]),
        status=st.sampled_from(Status),
        action=st.sampled_from(Action),
        desired=st.none() | values,
        observed=st.just(ABSENT) | values,
        recorded=words,
        reason=words,
        decided_by=st.none() | locations,
        sensitive=st.booleans(),
        excepted=st.sampled_from(["", "", "a trial"]),
        take=st.booleans(),
    )


def target_plans(name):
    return st.builds(
        TargetPlan,
        target=st.just(name),
        root=st.just(f"/home/ann/src/{name}"),
        changes=st.lists(changes_of(name), max_size=4, unique_by=lambda c: str(c.address)).map(
            lambda found: tuple(sorted(found, key=lambda c: c.address))
        ),
        in_sync=st.integers(0, 9),
        findings=st.lists(findings, max_size=2).map(tuple),
        fingerprints=st.dictionaries(words, words, max_size=2),
        foreign=st.dictionaries(words, st.lists(words, max_size=2).map(tuple), max_size=2),
    )


plans = st.builds(
    Plan,
    hub=words,
    canonical=words,
    revision=words,
    targets=st.lists(names, max_size=3, unique=True).flatmap(
        lambda found: st.tuples(*(target_plans(name) for name in found))
    ),
    findings=st.lists(findings, max_size=2).map(tuple),
)
outcomes = st.builds(
    Outcome,
    target=names,
    written=st.integers(0, 5),
    failed=st.integers(0, 5),
    message=words,
    exit_code=st.sampled_from([0, 3, 4, 70, 130]),
)
