"""Who changed it: git, sessions that saw it happen, the client's habits, the file's owner.

Always says where the answer comes from; what nobody recorded is said to be unknown.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Final

from hubctl.check.client.facts import CLIENT_WRITES
from hubctl.fleet.witnesses import Witnesses
from hubctl.model.address import HOST, Part
from hubctl.model.item import BlockText
from hubctl.model.state import ABSENT
from hubctl.system import git_blame
from hubctl.system.last_write import last_write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.check.client.rule import Place
    from hubctl.fleet.world import World
    from hubctl.model.change import Change
_PLACES: Final[dict[tuple[bool, str], Place]] = {
    (True, ".claude/settings.json"): "host",
    (False, ".claude/settings.local.json"): "local",
}
_APPROVALS = ("permissions", "sandbox")  # answers to its questions, kept in settings.local.json


def blame(world: World, changes: Iterable[Change]) -> dict[str, str]:
    """Address → one sentence about who or what changed it, for changes that somebody made."""
    seen = Witnesses.of(world.state)
    return {str(change.address): who(world, change, seen) for change in changes}


def who(world: World, change: Change, seen: Witnesses) -> str:
    """One sentence about who or what changed an address; `seen` is what sessions saw."""
    target = world.compiler.locate(change.address.target).target
    if target is None or change.address.part is Part.UNIT:
        return "nothing records who changed it"
    path = target.absolute(change.address.path)
    if change.address.fragment:
        path = os.path.realpath(path)  # git tells of the lines of a file, not of a link to it
    commit = ""
    if not target.is_host:
        commit = git_blame.last_commit(target.root, path, _needle(change))
        if commit and commit != git_blame.NOT_COMMITTED:
            return commit
    session = seen.who(path, change.address.fragment)
    if session or commit:
        return session or commit
    if _written_by_client(change):
        return f"probably Claude Code itself, which writes this key; {_last_write(path)}"
    return _last_write(path)


def _needle(change: Change) -> str:
    """A text that stands in the line to ask git about; "" where there is no such line."""
    if isinstance(change.observed, BlockText) and isinstance(change.desired, BlockText):
        wanted = set(change.desired.text.split("\n"))
        return next((t for t in change.observed.text.split("\n") if t not in wanted), "")
    if change.observed is ABSENT:
        return ""
    if change.address.part is Part.ELEMENT:
        return json.dumps(change.address.element, ensure_ascii=False)
    keys = change.address.pointer
    return json.dumps(keys[-1], ensure_ascii=False) if keys else ""


def _written_by_client(change: Change) -> bool:
    """Whether it is a key that the client saves there when somebody uses its menus."""
    place = _PLACES.get((change.address.target == HOST, change.address.path), "committed")
    keys = (*CLIENT_WRITES[place], *_APPROVALS) if place == "local" else CLIENT_WRITES[place]
    return change.address.pointer[:1] != () and change.address.pointer[0] in keys


def _last_write(path: str) -> str:
    found = last_write(path)
    if found is None:
        return "the file is gone, so nothing records who removed it"
    moment, user = found
    when = f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"git does not record it; the file was last written {when} by {user}"
