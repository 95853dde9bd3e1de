"""Ledgers are input: whatever they say, nothing is harmed, and nothing ends in a traceback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubctl.engine.ledgers import local_path
from hubctl.model.hashing import hash_bytes, hash_text
from hubctl.model.ledger import Ledger, dump_ledger
from tests.support.workbench import SETTINGS, Workbench, allow, block, setting, snapshot, whole

if TYPE_CHECKING:
    from pathlib import Path

LOCK = ".claude/hub.lock.json"
HEAD = b"ref: refs/heads/main\n"


def lock(bench: Workbench, records: dict[str, str], containers: dict[str, str]) -> None:
    ledger = Ledger(hub="acme", repository="api", records=records, containers=containers)
    bench.put(LOCK, dump_ledger(ledger))


@pytest.mark.parametrize(
    "path", [".git/HEAD", ".GIT/HEAD", ".git", "@state/registry.json", ".git/info/exclude#block:x"]
)
def test_a_committed_ledger_has_no_say_in_what_is_of_this_machine(
    bench: Workbench, path: str
) -> None:
    bench.put(".git/HEAD", HEAD)
    lock(bench, {path: hash_bytes(HEAD)}, {})
    assert bench.records().committed.state == "damaged"
    bench.apply([])
    assert bench.read(".git/HEAD") == HEAD


@pytest.mark.parametrize(
    "local",
    [
        f"{SETTINGS}#/permissions/allow=no json",
        f'{SETTINGS}#/permissions/allow={{"a": 1}}',
        f"{SETTINGS}#/permissions/allow=[1]",
        f"{SETTINGS}#/permissions/allow=" + "[" * 100_000,
        "CLAUDE.md#/a=",
    ],
)
def test_an_element_that_is_none_is_damage(bench: Workbench, local: str) -> None:
    bench.put(SETTINGS, b'{"permissions": {"allow": ["a"]}}')
    lock(bench, {local: hash_text("x")}, {})
    assert bench.records().committed.state == "damaged"
    assert bench.plan([allow("b")]).acting()


PATHS = st.sampled_from([SETTINGS, "CLAUDE.md", ".claude", ".claude/rules", "unit:x.timer", LOCK])
FRAGMENTS = st.sampled_from(
    ["", "#", "#/", "#/model", "#//", "#block:hubctl", "#block:", "#hook:", "#hook:Stop", "#zzz",
     "#hook:Stop/hubctl", "#zzz=1", "#/permissions/allow", '#/permissions/allow="a"', "#=1",
     "#/permissions/allow=true", "#enabled", "##", "#/a/b/c/d", "/"]
)  # fmt: skip
HASHES = st.sampled_from(["", "adopted ", "sha256:00", hash_text("x"), "adopted sha256:00"])
WORDS = st.sampled_from(["absent", "", " ", "\n\n", "x", "}"])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(st.builds(str.__add__, PATHS, FRAGMENTS), HASHES, max_size=6),
    st.dictionaries(st.builds(str.__add__, PATHS, FRAGMENTS), WORDS, max_size=6),
    st.booleans(),
)
def test_records_of_things_that_are_not_there_harm_nobody(
    tmp_path_factory: pytest.TempPathFactory,
    records: dict[str, str],
    containers: dict[str, str],
    committed: bool,
) -> None:
    folder: Path = tmp_path_factory.mktemp("world")
    bench = Workbench(root=folder / "api", state=folder / "state")
    bench.put(SETTINGS, b'{"permissions": {"allow": ["a"]}, "model": "opus", "empty": {}}\n')
    bench.put("CLAUDE.md", "mine\n")
    bench.put(".claude/rules/mine.md", "mine\n")
    if committed:
        lock(bench, records, containers)
    else:
        place = local_path(str(bench.state), bench.target)
        ledger = Ledger(hub="acme", repository="api", records=records, containers=containers)
        (bench.state / "ledger").mkdir(parents=True)
        (bench.state / place).write_bytes(dump_ledger(ledger))
    before = without_lock(bench)
    bench.apply([])
    assert without_lock(bench) == before
    items = [setting("/language", "de"), block("b\n"), whole(".claude/rules/b.md", "b\n")]
    bench.carry_out(bench.plan(items))
    bench.apply([], prune=True)
    assert json.loads(bench.read(SETTINGS))["permissions"] == {"allow": ["a"]}
    assert bench.read(".claude/rules/mine.md") == b"mine\n"
    assert b"mine\n" in bench.read("CLAUDE.md")


def without_lock(bench: Workbench) -> dict[str, object]:
    return {name: found for name, found in snapshot(bench.root).items() if name != LOCK}
