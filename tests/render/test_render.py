"""The table of renderers and its caller."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hubctl import render as package
from hubctl.errors import UsageError
from hubctl.model.state import Scope
from hubctl.render import RENDERERS, Renderer, render
from hubctl.render.settings import render as render_settings
from tests.render.golden_case import load_subject, pack, unpack

SUBJECT, _ = load_subject("settings-repository")
HOST, _ = load_subject("settings-host")


def twin(subject):
    return [replace(item, renderer="twin") for item in render_settings(subject)]


def test_every_row_names_a_function_and_no_name_comes_twice():
    assert len({row.name for row in RENDERERS}) == len(RENDERERS)
    for row in RENDERERS:
        assert callable(row.load())


def test_one_renderer_alone():
    names = {item.renderer for item in render(SUBJECT, only="mcp")}
    assert names == {"mcp"}


def test_an_unknown_renderer_is_refused_with_all_names():
    with pytest.raises(UsageError) as caught:
        render(SUBJECT, only="setings")
    assert "settings" in caught.value.hint


def test_a_row_for_repositories_says_nothing_about_the_host():
    assert not [item for item in render(HOST) if item.renderer == "mcp"]


def test_two_renderers_that_want_one_address_are_both_named(monkeypatch):
    row = Renderer(name="twin", targets="both", render=f"{__name__}:twin")
    monkeypatch.setattr(package, "RENDERERS", (*RENDERERS, row))
    with pytest.raises(UsageError, match="renderer settings and by twin"):
        render(SUBJECT)


def test_a_linked_worktree_gets_what_is_committed_and_nothing_else():
    facts = replace(SUBJECT.facts, linked_worktree=True)
    items = render(replace(SUBJECT, facts=facts))
    assert items
    assert {item.scope for item in items} == {Scope.COMMITTED}


def test_files_in_one_text_come_back_as_they_were():
    files = {".claude/settings.json": "{}", "CLAUDE.md": "a\nb\n", "empty": ""}
    assert unpack(pack(files)) == files
