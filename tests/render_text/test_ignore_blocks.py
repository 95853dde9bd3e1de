from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from hubctl.model.address import Address
from hubctl.model.item import BlockText, FileText, Item, JsonValue, LinkTo, UnitState, Value
from hubctl.model.state import Scope
from hubctl.model.target import Facts
from hubctl.render.exclude import exclude_items
from hubctl.render.gitignore import render

from .subjects import subject, text_of

if TYPE_CHECKING:
    from pathlib import Path

OWN = "/.claude/hooks/hubctl\n/.claude/settings.local.json\n/CLAUDE.local.md\n"


def item(
    path: str, scope: Scope, value: Value | None = None, fragment: str = "", target: str = "api"
) -> Item:
    return Item(
        address=Address(target=target, path=path, fragment=fragment),
        value=value or FileText(text="x"),
        scope=scope,
        renderer="test",
    )


ITEMS = (
    item(".claude/settings.local.json", Scope.LOCAL, JsonValue(value=1), "/model"),
    item(".claude/settings.local.json", Scope.LOCAL, JsonValue(value=1), "/env/A"),
    item(".claude/hooks/hubctl", Scope.LOCAL, LinkTo(destination="/x")),
    item(".claude/settings.json", Scope.COMMITTED, JsonValue(value=1), "/model"),
    item("@state/registry.json", Scope.LOCAL),
    item(".git/hooks/x", Scope.LOCAL),
    item("unit:api-test.timer", Scope.LOCAL, UnitState(state="enabled"), "enabled"),
)


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ({"gitignore": [".env", "dist/", ".env"]}, f".env\ndist/\n{OWN}"),
        ({"gitignore": ["/CLAUDE.local.md"]}, f"/CLAUDE.local.md\n{OWN.rpartition('/')[0]}"),
        ({"gitignore": [" a \n b", "", " "]}, f"a\nb\n{OWN}"),
        ({"gitignore": ["# hubctl:end hubctl"]}, f"# hubctl: end hubctl\n{OWN}"),
        ({"gitignore": [" "]}, None),
        ({"gitignore": []}, None),
        ({}, None),
        ({"gitignore": [".env"], "commit": False}, None),
    ],
)
def test_gitignore(spec: dict[str, object], text: str | None) -> None:
    items = render(subject(spec))
    assert [text_of(i) for i in items] == ([text] if text else [])
    for found in items:
        assert str(found.address) == "api:.gitignore#block:hubctl"
        assert (found.scope, found.renderer) == (Scope.COMMITTED, "gitignore")
        assert isinstance(found.value, BlockText)
        assert found.value.comment == "hash"


def test_exclude_names_each_local_file_once() -> None:
    (block,) = exclude_items(subject(), ITEMS)
    assert str(block.address) == "api:.git/info/exclude#block:hubctl"
    assert block.scope is Scope.LOCAL
    assert text_of(block) == "/.claude/hooks/hubctl\n/.claude/settings.local.json\n"


def test_without_commit_the_patterns_of_canonical_stand_there_too() -> None:
    (block,) = exclude_items(subject({"commit": False, "gitignore": [".env"]}), ITEMS[:1])
    assert text_of(block) == ".env\n/.claude/settings.local.json\n"


@pytest.mark.parametrize(
    ("facts", "host", "items"),
    [
        (Facts(git=False), False, ITEMS),
        (Facts(linked_worktree=True), False, ITEMS),
        (Facts(), True, ITEMS),
        (Facts(), False, ITEMS[3:]),
        (Facts(), False, ()),
    ],
)
def test_nothing_to_exclude(facts: Facts, host: bool, items: tuple[Item, ...]) -> None:
    assert exclude_items(subject(host=host, facts=facts), items) == ()


@pytest.mark.parametrize(
    "name", ["plain.md", "a b", "#note", "!x", "a*b", "[ab].md", "who?", "tail ", "sub/#x", "ü"]
)
def test_git_ignores_exactly_the_named_file(tmp_path: Path, name: str) -> None:
    (block,) = exclude_items(subject(), (item(name, Scope.LOCAL),))
    subprocess.run(["git", "init", "-q", tmp_path], check=True, env={"PATH": "/usr/bin:/bin"})
    (tmp_path / ".git/info").mkdir(exist_ok=True)
    (tmp_path / ".git/info/exclude").write_text(text_of(block))
    for path in (name, f"other/{name}", f"{name}x", "aXb", "a", "whoX"):
        command = ["git", "-C", str(tmp_path), "check-ignore", "-q", "--", path]
        ignored = subprocess.run(command, check=False, env={"PATH": "/usr/bin:/bin"}).returncode
        assert (ignored == 0) == (path == name), path
