"""One repository's values stay its own, and worktrees of one repository agree."""

from __future__ import annotations

import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.cli import LOCAL_SETTINGS, LOCK, MODEL, SETTINGS, changes, tree

NAMES = ("api", "web", "ops")


class Marks:
    """Hands out values that say where they were written."""

    def __init__(self):
        self.count = 0

    def __call__(self, owner):
        self.count += 1
        return f"mark-{owner}-{self.count}"


# Parts of a body, each made of marks.
PARTS = {
    "settings": lambda mark: {"outputStyle": mark()},
    "permissions": lambda mark: {"allow": [f"Bash({mark()} *)"], "deny": [f"Read(./{mark()})"]},
    "env": lambda mark: {"PLACE": mark()},
    "conventions": lambda mark: [mark()],
    "gitignore": lambda mark: [f"{mark()}/"],
    "local": lambda mark: {"settings": {"x": mark()}, "env": {"HERE": mark()}},
    "mcp": lambda mark: {mark(): {"command": mark()}},
    "hooks": lambda mark: {"stop": [{"type": "command", "command": f"echo {mark()}"}]},
    "instructions": lambda mark: {"text": mark()},
}
bodies = st.sets(st.sampled_from(sorted(PARTS)), max_size=4)
shapes = st.fixed_dictionaries(
    {
        "repositories": st.fixed_dictionaries(dict.fromkeys(NAMES, bodies)),
        "profiles": st.lists(st.sampled_from(("one", "two")), unique=True),
        "users": st.fixed_dictionaries(
            dict.fromkeys(NAMES, st.lists(st.sampled_from(("one", "two")), unique=True))
        ),
        "bodies": st.fixed_dictionaries({"one": bodies, "two": bodies}),
        "defaults": bodies,
        "commit": st.fixed_dictionaries(dict.fromkeys(NAMES, st.booleans())),
    }
)


def body(parts, owner, marks):
    return {part: PARTS[part](lambda: marks(owner)) for part in sorted(parts)}


def document(shape):
    marks = Marks()
    profiles = {
        name: body(shape["bodies"][name], f"profile{name}", marks) for name in shape["profiles"]
    }
    repositories = {
        name: {
            "path": f"~/src/{name}",
            "commit": shape["commit"][name],
            "profiles": [p for p in shape["users"][name] if p in profiles],
            "overrides": body(parts, name, marks),
        }
        for name, parts in shape["repositories"].items()
    }
    return {
        "hub": {"name": "acme"},
        "defaults": body(shape["defaults"], "defaults", marks),
        "profiles": profiles,
        "repositories": repositories,
    }


def texts(root):
    return b"\n".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


def foreign_to(name, canonical):
    """Marks that must not be found in a repository: of the others, of profiles it has not."""
    used = canonical["repositories"][name]["profiles"]
    others = [other for other in NAMES if other != name]
    unused = [f"profile{p}" for p in ("one", "two") if p not in used]
    return [f"mark-{owner}-".encode() for owner in (*others, *unused)]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(shape=shapes)
def test_values_of_one_repository_never_leak_into_another(account, shape):
    shutil.rmtree(account.home / "src", ignore_errors=True)
    shutil.rmtree(account.state, ignore_errors=True)
    for name in NAMES:
        account.repository(name)
    canonical = document(shape)
    account.canonical(json.dumps(canonical))
    account.apply()
    account.report("drift")
    for name in NAMES:
        found = texts(account.home / "src" / name)
        assert [mark for mark in foreign_to(name, canonical) if mark in found] == []
        parts = shape["repositories"][name]
        assert (f"mark-{name}-".encode() in found) == bool(parts)


# -- worktrees ---------------------------------------------------------------------------------


@pytest.fixture
def worktree(api):
    """A repository with a committed hub.lock.json, and a linked worktree of it."""
    api.canonical(MODEL + "      local:\n        settings: {spinnerTipsEnabled: false}\n")
    root = api.repository()
    api.apply()
    api.git(root, "add", "-A")
    api.git(root, "commit", "-qm", "Set up")
    api.git(root, "worktree", "add", "-q", str(api.home / "src/api-two"), "-b", "two")
    return api


def test_a_worktree_of_a_clean_repository_is_clean(worktree):
    assert (worktree.home / "src/api-two" / LOCK).exists()
    report = worktree.report("drift", "--path", str(worktree.home / "src/api-two"))
    assert report["exit_code"] == 0
    assert report["targets"][0]["name"] == "api"
    worktree.in_sync()


def test_drift_in_a_worktree_is_seen_there_alone(worktree):
    place = worktree.home / "src/api-two" / SETTINGS
    place.write_bytes(place.read_bytes().replace(b"sonnet", b"opus"))
    report = worktree.report("drift", "--path", str(worktree.home / "src/api-two"))
    assert changes(report) == {f"api:{SETTINGS}#/model": "drifted"}
    worktree.in_sync()


def test_canonical_may_lead_to_a_worktree_which_gets_the_committed_part_alone(worktree):
    """Local resources belong to the main checkout alone."""
    main = tree(worktree.home / "src/api")
    text = worktree.read("hub/canonical.yaml").decode()
    worktree.canonical(text.replace("~/src/api", "~/src/api-two").replace("sonnet", "opus"))
    worktree.apply()
    other = worktree.home / "src/api-two"
    assert json.loads((other / SETTINGS).read_text()) == {"model": "opus"}
    assert not (other / LOCAL_SETTINGS).exists()
    assert tree(worktree.home / "src/api") == main


def test_two_worktrees_in_one_hub_are_one_repository(worktree):
    text = worktree.read("hub/canonical.yaml").decode()
    worktree.canonical(text + "  two:\n    path: ~/src/api-two\n")
    assert worktree.run("apply", "--yes").code == 2
    assert "one repository" in worktree.run("plan").out + worktree.run("plan").err


def test_a_submodule_is_a_repository_of_its_own(api):
    """Its `.git` is a file that leads to the outer repository's modules."""
    inner = api.repository("inner")
    api.git(inner, "commit", "-q", "--allow-empty", "-m", "x")
    outer = api.home / "src/api"
    allowed = ("-c", "protocol.file.allow=always")
    api.git(outer, *allowed, "submodule", "add", "-q", str(inner), "part")
    api.canonical(
        MODEL + "  part:\n    path: ~/src/api/part\n"
        "    overrides: {local: {settings: {spinnerTipsEnabled: false}}}\n"
    )
    api.apply()
    assert (outer / "part" / LOCAL_SETTINGS).exists()
    assert LOCAL_SETTINGS not in api.git(outer / "part", "status", "--porcelain", "-uall")
    assert api.report("drift")["exit_code"] == 0
