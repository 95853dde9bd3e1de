"""Renders the drift check as an entry of `.pre-commit-config.yaml`.

Nothing under `commit: false`: the check looks at committed resources, and there are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.address import Address
from hubctl.model.item import Handler, Item
from hubctl.model.state import Scope
from hubctl.render.spec import is_committed

if TYPE_CHECKING:
    from hubctl.model.target import Subject

NAME = "pre-commit"
KEY = "pre_commit"
HOOK = "hubctl-drift"
_HOOK_ENTRY = {
    "id": HOOK,
    "name": "hubctl drift",
    "entry": "hubctl drift --path .",
    "language": "system",
    "pass_filenames": False,
    "always_run": True,
}


def render(subject: Subject) -> tuple[Item, ...]:
    """One entry of `repos:`, or nothing."""
    if subject.spec.get(KEY) is not True or not is_committed(subject):
        return ()
    address = Address(
        target=subject.target.name,
        path=".pre-commit-config.yaml",
        fragment=f"hook:pre-commit/{HOOK}",
    )
    return (
        Item(
            address=address,
            value=Handler(matcher="", entry={"repo": "local", "hooks": [dict(_HOOK_ENTRY)]}),
            scope=Scope.COMMITTED,
            renderer=NAME,
            spec=(KEY,),
        ),
    )
