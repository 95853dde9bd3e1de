"""A drift report from memory is the report that a look at everything would give.

Every test holds what is told against the truth: the same command with the cache removed.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubctl.fleet import compiled_file, managed, world
from hubctl.fleet.hub import HubFiles
from hubctl.system.clock import nanoseconds
from hubctl.system.places import find_places
from tests.fleet.memory import (
    ALL,
    FILES,
    RICH,
    TIDY,
    WAYS,
    behind_link,
    into_folder,
    put_back,
    rewrite,
    settled_sources,
    told_and_true,
    watch_rendering,
)
from tests.support.cli import Account, rules

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("file", FILES)
def test_whatever_happens_to_a_file_is_told(remembered, looks, file):
    path = remembered.home / FILES[file]
    data, clean = path.read_bytes(), remembered.report("drift")
    for way, happen in WAYS.items():
        happen(path)
        looks.clear()
        told = remembered.report("drift")
        assert looks == ["api"], way
        assert told != clean, way
        shutil.rmtree(remembered.cache)
        assert told == remembered.report("drift"), way
        put_back(path, data)
        remembered.in_sync()


@pytest.mark.parametrize("way", ["rewritten", "swapped", "removed"])
def test_whatever_happens_to_a_local_ledger_is_told(remembered, looks, way):
    ledgers = remembered.state.glob("acme/ledger/*.json")
    WAYS[way](next(path for path in ledgers if b'"repository": "api"' in path.read_bytes()))
    told_and_true(remembered)
    assert looks[0] == "api"


def test_whatever_happens_to_a_registry_is_told(remembered, looks):
    rewrite(next(path for path in remembered.state.rglob("registry.json") if "api" in str(path)))
    assert told_and_true(remembered)["exit_code"] == 1
    assert looks[0] == "api"


def link_elsewhere(home: Path) -> None:
    link = home / "src/api/.claude/hooks/hubctl"
    link.unlink()
    link.symlink_to(home)


def release_gone(home: Path) -> None:
    (home / ".local/share/hubctl/hooks/current").unlink()


def git_file(home: Path) -> None:
    (home / "src/api/.git").rename(home / "elsewhere.git")
    (home / "src/api/.git").write_text(f"gitdir: {home}/elsewhere.git\n")


def other_repository(home: Path) -> None:
    (home / "src/api").rename(home / "src/old")
    shutil.copytree(home / "src/old", home / "src/api", symlinks=True)


def moved_home_of_all(home: Path) -> None:
    (home / "src").rename(home / "src2")
    (home / "src").symlink_to(home / "src2")


TREES = {
    "folder of the client behind a link": (lambda h: behind_link(h / "src/api/.claude"), ["api"]),
    "folder of commands behind a link": (
        lambda h: behind_link(h / "src/api/.claude/commands"),
        ["api"],
    ),
    "repository behind a link": (lambda h: behind_link(h / "src/api"), ["api"]),
    "everything behind a link": (moved_home_of_all, ALL),
    "repository gone": (lambda h: shutil.rmtree(h / "src/api"), []),
    "repository replaced by a copy": (other_repository, ["api"]),
    "git folder elsewhere": (git_file, ["api"]),
    "git folder behind a link": (lambda h: behind_link(h / "src/api/.git"), ["api"]),
    "no git any more": (lambda h: shutil.rmtree(h / "src/api/.git"), ["api"]),
    "link of the hooks": (link_elsewhere, ["api"]),
    "release of the hooks": (release_gone, ALL),
    # Where it really lies decides nothing: the second look of this test says the same.
    "state behind a link": (lambda h: behind_link(h / ".local/state/hubctl/acme"), []),
    "instructions for all agents": (
        lambda h: (h / "src/api/AGENTS.md").write_text("Hello.\n"),
        ["api"],
    ),
    "instructions in the client's folder": (
        lambda h: (h / "src/api/.claude/CLAUDE.md").write_text("Hello.\n"),
        ["api"],
    ),
    "another command": (
        lambda h: (h / "src/api/.claude/commands/own.md").write_text("Mine.\n"),
        ["api"],
    ),
    "executable": (lambda h: (h / FILES["command"]).chmod(0o755), ["api"]),
}


@pytest.mark.parametrize("name", TREES)
def test_whatever_happens_to_a_tree_is_told(remembered, looks, name):
    happen, looked_at = TREES[name]
    happen(remembered.home)
    told = remembered.report("drift")
    assert looks == looked_at
    shutil.rmtree(remembered.cache)
    assert told == remembered.report("drift")


@pytest.mark.parametrize(
    "path",
    ["README.md", "build/x.o", ".git/index", ".git/objects/ab/cd", ".claude/sessions/log.jsonl"],
)
def test_what_has_no_say_makes_nobody_look(remembered, looks, path):
    remembered.put(f"src/api/{path}", "whatever")
    remembered.in_sync()
    # The client's folder itself is listed: a new name in it is looked at once.
    assert looks == (["api"] if path.startswith(".claude") else [])


def test_variables_that_no_path_names_have_no_say(remembered, looks, monkeypatch):
    assert b"api" in remembered.read("hub/canonical.yaml")
    for name in ("_", "api"):
        monkeypatch.setenv(name, "anything")
    remembered.in_sync()
    assert looks == []


@pytest.mark.parametrize(
    ("written", "has_a_say"),
    [
        ("path: $CODE/api", True),
        ('path: "${CODE}/api"', True),
        (r'path: "\u0024CODE/api"', True),
        ('path: "$CO\\\n  DE/api"', True),
        ("path: $CODES/api", False),
        ("# $schema, CODE", False),
    ],
)
def test_a_variable_has_a_say_where_a_path_may_name_it(written, has_a_say):
    files = HubFiles(path="/hub/canonical.yaml", data=written.encode(), local=None)
    keys = {
        compiled_file.compiled_key(files, find_places({"HOME": "/home/x"}), "", {"CODE": value})
        for value in ("/one", "/two")
    }
    assert len(keys) == (2 if has_a_say else 1)


# -- everything that compiling depends on ----------------------------------------------------------


def edit_canonical(account: Account, _patch) -> None:
    account.canonical(RICH.replace("sonnet", "opus"))


def edit_source(account: Account, _patch) -> None:
    rewrite(account.home / TIDY)


def add_personal(account: Account, _patch) -> None:
    account.put("hub/canonical.local.yaml", "repositories: {api: ~/src/api}\n")


def other_variable(account: Account, patch) -> None:
    patch.setenv("CODE", str(account.home / "nowhere"))


def other_client(account: Account, patch) -> None:
    patch.setenv("CLAUDE_CONFIG_DIR", str(account.home / "client"))


def other_state(account: Account, patch) -> None:
    patch.setenv("XDG_STATE_HOME", str(account.home / "state"))


def other_data(account: Account, patch) -> None:
    patch.setenv("XDG_DATA_HOME", str(account.home / "data"))


def other_version(_account: Account, patch) -> None:
    patch.setattr(compiled_file, "__version__", "99.0")


def other_schemas(_account: Account, patch) -> None:
    patch.setattr(compiled_file, "data_signature", lambda: "other")


@pytest.mark.parametrize(
    "change",
    [
        edit_canonical,
        edit_source,
        add_personal,
        other_variable,
        other_client,
        other_state,
        other_data,
        other_version,
        other_schemas,
    ],
)
def test_nothing_is_remembered_of_another_hub(remembered, looks, change, monkeypatch):
    change(remembered, monkeypatch)
    told_and_true(remembered)
    assert set(looks) >= {"api"}


def test_managed_settings_that_appear_are_seen(remembered, looks, monkeypatch):
    """A path outside of everything that every target rests on."""
    place = remembered.home / "managed/settings.json"
    monkeypatch.setattr(managed, "_FILES", {"linux": str(place), "darwin": str(place)})
    remembered.put("hub/canonical.local.yaml", "{}\n")  # another key: all are looked at
    remembered.in_sync()
    looks.clear()
    remembered.in_sync()
    assert looks == []
    remembered.put("managed/settings.json", json.dumps({"model": "haiku"}))
    told = told_and_true(remembered)
    assert looks[:2] == ALL
    assert "drift/shadowed" in rules(told)


# -- what is never remembered ----------------------------------------------------------------------


def test_what_changed_a_moment_ago_is_not_trusted(rich, looks):
    """The next change could bear the same time."""
    rich.in_sync()
    looks.clear()
    rich.in_sync()
    assert looks == ALL


def test_what_changed_long_ago_is_trusted(rich, looks, monkeypatch):
    later = nanoseconds() + 3_000_000_000
    monkeypatch.setattr(world, "nanoseconds", lambda: later)
    monkeypatch.setattr(compiled_file, "sources_state", settled_sources)
    rich.in_sync()
    looks.clear()
    rich.in_sync()
    assert looks == []


def test_young_sources_are_compiled_again(rich, monkeypatch):
    """Whoever edits a source twice within a moment gets the second edit."""
    rendered = watch_rendering(monkeypatch)
    rewrite(rich.home / TIDY)
    rich.run("drift")
    rich.run("drift")
    assert rendered == [*ALL, *ALL]


@pytest.mark.parametrize("file", ["settings", "lock"])
def test_what_cannot_be_read_is_tried_each_time(remembered, looks, file):
    into_folder(remembered.home / FILES[file])
    told = [remembered.report("drift") for _ in range(2)]
    assert told[0] == told[1]
    assert told[0]["exit_code"] != 0
    assert looks == ["api", "api"]


def test_a_drift_is_told_as_long_as_it_lasts(remembered):
    remembered.put(FILES["settings"], "{}")
    told = [remembered.report("drift") for _ in range(3)]
    assert told[0] == told[1] == told[2]
    assert told[0]["exit_code"] == 1


def test_one_repository_twice_is_told_though_each_alone_was_in_sync(remembered):
    (remembered.home / "src/web").rename(remembered.home / "src/old")
    (remembered.home / "src/web").symlink_to("api")
    for name in ALL:
        remembered.run("drift", name)
    assert "canonical/same-repository" in rules(told_and_true(remembered))


# -- rows that other facts made stale --------------------------------------------------------------


def test_rows_for_other_facts_are_rendered_once(remembered, monkeypatch):
    rendered = watch_rendering(monkeypatch)
    remembered.put("src/api/AGENTS.md", "Hello.\n")
    told = [remembered.report("drift") for _ in range(3)]
    assert told[0] == told[1] == told[2]
    assert rendered == ["api"]
    assert told_and_true(remembered) == told[0]


# -- anything at all -------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(FILES)), st.sampled_from(["rewritten", "removed", "back"])),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_any_series_of_changes_is_told_as_it_is(remembered, steps):
    kept = {name: (remembered.home / path).read_bytes() for name, path in FILES.items()}
    try:
        for name, how in steps:
            path = remembered.home / FILES[name]
            if how == "back":
                path.write_bytes(kept[name])
            elif path.exists():
                WAYS[how](path)
            remembered.run("drift")
        told_and_true(remembered)
    finally:
        for name, data in kept.items():
            (remembered.home / FILES[name]).write_bytes(data)
