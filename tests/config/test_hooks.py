"""Spellings of hooks and events."""

from __future__ import annotations

import pytest

from hubctl.config.hooks import normal_entry, normal_hook
from hubctl.model.events import EVENTS, normal_event


@pytest.mark.parametrize(
    ("written", "hook"),
    [
        ("context_bundle_builder.py", "context-bundle-builder"),
        ("Smart-Safety-Check", "smart-safety-check"),
        (" auto-format.py ", "auto-format"),
        ("a.py.py", "a.py"),
    ],
)
def test_ids_of_hooks(written, hook):
    assert normal_hook(written) == hook


def snake(event):
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in event).removeprefix("_")


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_is_known_in_every_spelling(event):
    for written in (event, snake(event), snake(event).replace("_", "-"), event.lower()):
        assert normal_event(written) == event


def test_there_are_33_events_and_no_others():
    assert len(set(EVENTS)) == 33
    assert normal_event("pre_tool") is None


def test_a_handler_keeps_what_is_the_clients():
    entry = {"type": "command", "command": "x", "if": "Bash(a)", "scope": "project"}
    assert normal_entry(entry) == {
        "handler": {"type": "command", "command": "x", "if": "Bash(a)"},
        "matcher": "",
        "scope": "project",
    }
