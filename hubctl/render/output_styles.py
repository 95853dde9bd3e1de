"""Renders output styles; which one is in use is a setting, not a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.render.files import render_sources

if TYPE_CHECKING:
    from hubctl.model.item import Item
    from hubctl.model.target import Subject


def render(subject: Subject) -> tuple[Item, ...]:
    """Whole files below `.claude/output-styles/`."""
    return render_sources(subject, "output-styles")
