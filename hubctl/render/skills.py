"""Renders skills: a folder with SKILL.md and everything beside it, executable bits kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.render.files import render_sources

if TYPE_CHECKING:
    from hubctl.model.item import Item
    from hubctl.model.target import Subject


def render(subject: Subject) -> tuple[Item, ...]:
    """Whole files below `.claude/skills/`."""
    return render_sources(subject, "skills")
