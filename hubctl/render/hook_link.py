"""Renders the link from a repository to the release of hooks that runs in it.

For people only (`.claude/hooks/hubctl` shows what runs here): nothing executes through it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.address import Address
from hubctl.model.item import Item, LinkTo
from hubctl.model.state import Scope
from hubctl.render.hook_selection import enabled

if TYPE_CHECKING:
    from hubctl.model.target import Subject

NAME = "hook-link"
PATH = ".claude/hooks/hubctl"


def render(subject: Subject) -> tuple[Item, ...]:
    """The link, where any hook of ours is enabled."""
    if subject.target.is_host or not enabled(subject):
        return ()
    return (
        Item(
            address=Address(target=subject.target.name, path=PATH),
            value=LinkTo(destination=subject.machine.release),
            scope=Scope.LOCAL,
            renderer=NAME,
            spec=("hooks",),
        ),
    )
