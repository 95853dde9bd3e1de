from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import hubctl.render
from hubctl.model.state import Scope
from hubctl.model.target import Facts
from hubctl.render import RENDERERS, render

from .subjects import source, subject

if TYPE_CHECKING:
    from hubctl.model.item import Item

SPEC: dict[str, object] = {
    "commit": False,
    "language": "go",
    "commands": ["a"],
    "gitignore": [".env"],
}
COMMANDS = (source("a.md", "A\n"),)
ROWS = {row.name: row for row in RENDERERS}
TEXT_ROWS = (
    "agents", "ci", "commands", "gitignore", "instructions", "output-styles", "pre-commit",
    "rules", "skills",
)  # fmt: skip


@pytest.fixture(autouse=True)
def only_text_renderers(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tuple(row for row in RENDERERS if row.name in TEXT_ROWS)
    monkeypatch.setattr(hubctl.render, "RENDERERS", rows)


def paths(items: tuple[Item, ...]) -> list[str]:
    return [item.address.local for item in items]


def test_every_text_renderer_has_its_row() -> None:
    assert set(TEXT_ROWS) <= set(ROWS)


@pytest.mark.parametrize("host", [False, True])
def test_items_say_the_name_of_their_row(host: bool) -> None:
    found = {
        kind: (source("a/SKILL.md", "A\n", folder=kind),)
        for kind in ("agents", "commands", "output_styles", "rules", "skills")
    }
    spec = {"language": "go", "gitignore": ["x"], "ci": "github", "pre_commit": True}
    whole = subject(spec, host=host, **found)
    for name in TEXT_ROWS:
        row = ROWS[name]
        if row.serves(whole):
            items = tuple(row.load()(whole))
            assert items
            assert {item.renderer for item in items} == {name}


def test_local_files_bring_their_exclude_block() -> None:
    items = render(subject(SPEC, commands=COMMANDS))
    assert paths(items) == [
        ".claude/commands/a.md",
        ".git/info/exclude#block:hubctl",
        "CLAUDE.local.md#block:hubctl",
    ]
    assert {item.scope for item in items} == {Scope.LOCAL}


def test_one_renderer_alone_never_shortens_the_exclude_block() -> None:
    whole = render(subject(SPEC, commands=COMMANDS))
    alone = render(subject(SPEC, commands=COMMANDS), only="commands")
    assert alone == whole[:2]


def test_committed_items_alone_bring_no_exclude_block() -> None:
    assert paths(render(subject({**SPEC, "commit": True}), only="instructions")) == [
        "CLAUDE.md#block:hubctl"
    ]


def test_a_linked_worktree_gets_no_local_files() -> None:
    facts = Facts(linked_worktree=True)
    assert render(subject(SPEC, facts=facts, commands=COMMANDS)) == ()
