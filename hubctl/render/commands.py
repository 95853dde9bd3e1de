"""Renders slash commands: `commands/tdd/cycle.md` becomes `/tdd:cycle`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.render.files import render_sources

if TYPE_CHECKING:
    from hubctl.model.item import Item
    from hubctl.model.target import Subject


def render(subject: Subject) -> tuple[Item, ...]:
    """Whole files below `.claude/commands/`."""
    return render_sources(subject, "commands")
