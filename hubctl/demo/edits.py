"""What "somebody" does behind hubctl's back: three drifts and one key of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.demo.world import COLLEAGUE
from hubctl.errors import OperationError
from hubctl.model.item import LinkTo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.demo.world import DemoWorld


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change to one file, or the removal of a link.

    Attributes:
        repository, path: where. words: what is done, for people.
        address: where hubctl tells of it. status: as what.
        old, new: text of the file that is replaced once; "" for a link that is removed.
        commit: message under which a colleague commits it, "" if nobody does.
    """

    repository: str
    path: str
    words: str
    address: str
    status: str
    old: str = ""
    new: str = ""
    commit: str = ""


EDITS = (
    Edit(
        repository="nautilus_dev",
        path=".claude/settings.json",
        words='a colleague sets "model" to "sonnet" in settings.json, and commits it',
        address="nautilus_dev:.claude/settings.json#/model",
        status="drifted",
        old='"model": "opus"',
        new='"model": "sonnet"',
        commit="Use the smaller model",
    ),
    Edit(
        repository="n8n_dev",
        path=".claude/hooks/hubctl",
        words="somebody deletes the link to the hooks",
        address="n8n_dev:.claude/hooks/hubctl",
        status="missing",
    ),
    Edit(
        repository="utxoracle",
        path="CLAUDE.md",
        words="somebody softens a rule inside hubctl's block of CLAUDE.md",
        address="utxoracle:CLAUDE.md#block:hubctl",
        status="drifted",
        old="never a float",
        new="or a float where it is faster",
    ),
    Edit(
        repository="liquidation_heatmap",
        path="config/claude.json",
        words="somebody adds a key that hubctl has never heard of",
        address="liquidation_heatmap:.claude/settings.json#/x-palette",
        status="unmanaged",
        old='  "permissions": {',
        new='  "x-palette": ["viridis", "magma"],\n  "permissions": {',
    ),
)


def make_edits(world: DemoWorld) -> dict[Edit, bytes | LinkTo]:
    """Make all of them; returns what stood there before."""
    before = {edit: _standing(world, edit) for edit in EDITS}
    for edit, content in before.items():
        path = _path(world, edit)
        if isinstance(content, LinkTo):
            world.door.remove(path)
        else:
            world.write(path, _replaced(edit, content))
        if edit.commit:
            world.commit(edit.repository, edit.commit, author=COLLEAGUE)
    return before


def undo_edits(world: DemoWorld, before: Mapping[Edit, bytes | LinkTo]) -> None:
    """Take all of them back by hand."""
    for edit, content in before.items():
        world.write(_path(world, edit), content)


def _path(world: DemoWorld, edit: Edit) -> str:
    return f"{world.repository(edit.repository)}/{edit.path}"


def _standing(world: DemoWorld, edit: Edit) -> bytes | LinkTo:
    path = _path(world, edit)
    look = world.door.look(path)
    if look is None:
        raise OperationError(f"the demo misses {path}", hint="build it again: hubctl demo")
    return LinkTo(destination=look.destination) if look.kind == "link" else world.door.read(path)


def _replaced(edit: Edit, content: bytes) -> bytes:
    changed = content.replace(edit.old.encode(), edit.new.encode(), 1)
    if changed == content:
        raise OperationError(f"the demo misses {edit.old!r} in {edit.path}")
    return changed
