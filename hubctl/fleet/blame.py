"""Who changed it: git for tracked files, the client's own habits, the journal, the file's owner.

Always says where the answer comes from; what nobody recorded is said to be unknown.
"""

from __future__ import annotations

import json
import os
import pwd
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hubctl.model.address import Part
from hubctl.model.item import BlockText
from hubctl.model.state import ABSENT
from hubctl.system import git_blame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.fleet.world import World
    from hubctl.model.change import Change

# Keys that the client itself writes into a settings file (`/model`, `/config`, approvals).
CLIENT_WRITES = {
    ".claude/settings.json": (
        "/model", "/effortLevel", "/theme", "/enabledPlugins", "/pluginConfigs", "/outputStyle",
    ),
    ".claude/settings.local.json": (
        "/permissions", "/outputStyle", "/sandbox", "/skillOverrides", "/enabledMcpjsonServers",
        "/disabledMcpjsonServers", "/enableAllProjectMcpServers",
    ),
}  # fmt: skip


def blame(world: World, changes: Iterable[Change]) -> dict[str, str]:
    """Address → one sentence about who or what changed it, for changes that somebody made."""
    return {str(change.address): who(world, change) for change in changes}


def who(world: World, change: Change) -> str:
    """One sentence about who or what changed an address."""
    target = world.compiler.locate(change.address.target).target
    if target is None or change.address.part is Part.UNIT:
        return "nothing records who changed it"
    path = target.absolute(change.address.path)
    if change.address.fragment:
        path = os.path.realpath(path)  # git tells of the lines of a file, not of a link to it
    if not target.is_host:
        commit = git_blame.last_commit(target.root, path, _needle(change))
        if commit:
            return commit
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
    keys = CLIENT_WRITES.get(change.address.path, ())
    return change.address.fragment.startswith(keys) if keys else False


def _last_write(path: str) -> str:
    try:
        found = os.stat(path)
    except OSError:
        return "the file is gone, so nothing records who removed it"
    moment = datetime.fromtimestamp(found.st_mtime, UTC)
    when = f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"git does not record it; the file was last written {when} by {_user(found.st_uid)}"


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
