"""Letting a repository go: our markers, our hooks and our ledgers leave, what we wrote stays.

The instructions stay without the markers around them, settings and files stay as they are. What
only works with hubctl goes: the dispatcher's handlers, the link to the hooks, the compiled
registry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.documents import DocumentError, Edit, edit_document, unwrap_blocks
from hubctl.engine.contain import Locator, real_entry
from hubctl.engine.ledgers import StoredLedger
from hubctl.engine.observe import Observer
from hubctl.engine.operations import (
    ABSENT_IMAGE,
    Batch,
    Image,
    Operation,
    file_image,
    take_image,
)
from hubctl.engine.plan import Wanted, plan_target
from hubctl.engine.prepare import PRIVATE, Allowed, Records, prepare
from hubctl.errors import OperationError
from hubctl.fleet.origins import exactly, origins_of, with_former_values
from hubctl.model.address import Address, Part, part_of
from hubctl.model.item import LinkTo, hash_value
from hubctl.model.ledger import ADOPTED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.fleet.world import World
    from hubctl.model.target import Target

_OUR_HANDLERS = ("hubctl", "hubctl-async")
_OURS_ALONE = (".claude/hooks/hubctl", "@state/registry.json", "@state/owned.json")


def leaving(world: World, name: str) -> Batch:
    """What is to be done at a repository that leaves the hub; nothing where it is not here.

    Raises:
        OperationError: a file of it cannot be read or parsed; the message names it.
    """
    target = world.compiler.locate(name).target
    if target is None:
        return Batch(target=name, root="")
    committed, local = _ledgers_of(world, target)
    records = {**committed.ledger.records, **local.ledger.records}
    operations = [*_files(world, target, records), *_ledgers(world, (committed, local))]
    changes = tuple((f"{name}:{local_address}", "released") for local_address in sorted(records))
    return Batch(target=name, root=target.root, operations=tuple(operations), changes=changes)


def restoring(world: World, name: str) -> Batch:
    """What gives a repository back as it was before hubctl came; edited things stay.

    A file that nobody else wrote to since gets back every byte; in others each value of ours makes
    room for the one that stood there before, or goes.

    Raises:
        OperationError: a file of it cannot be edited; the message names it.
    """
    target = world.compiler.locate(name).target
    if target is None:
        return Batch(target=name, root="")
    committed, local = _ledgers_of(world, target)
    wanted = Wanted(rows=(), items=dict, committed=committed.ledger, local=local.ledger)
    locator = Locator(target, world.door)
    ledgers = {real_entry(stored.path) for stored in (committed, local) if stored.path}
    origins = {p: o for p, o in origins_of(world.journal, name).items() if p not in ledgers}
    plan = plan_target(wanted, Observer(target, world.door))
    plan = with_former_values(plan, origins, lambda path: locator.locate(path).path)
    records = Records(committed=committed, local=local, hub=world.hub, repository=name)
    batch = prepare(plan, target, records, world.door, Allowed(prune=True, release=True))
    return exactly(batch, origins, world.door)


def _ledgers_of(world: World, target: Target) -> tuple[StoredLedger, StoredLedger]:
    """The ledgers that are this hub's; what another hub records here stays out of it."""
    committed, local = world.ledgers(target)
    if committed.ledger.hub not in ("", world.hub):
        committed = StoredLedger(path="")
    return committed, local


def _files(world: World, target: Target, records: Mapping[str, str]) -> Iterator[Operation]:
    locator = Locator(target, world.door)
    for path in sorted({local.partition("#")[0] for local in records}):
        alone = path in _OURS_ALONE
        place = locator.locate_link(path) if alone else locator.locate(path)
        if place.problem:
            raise OperationError(place.problem, hint=place.hint)
        before = take_image(world.door, place.path)
        if alone:
            if _is_as_written(path, before, records):
                yield Operation(path=place.path, before=before, after=ABSENT_IMAGE, last=True)
        elif before.data is not None:
            data = _released(target, path, before.data, records)
            if data is None:
                yield Operation(path=place.path, before=before, after=ABSENT_IMAGE, last=True)
            elif data != before.data:
                after = file_image(data, before.mode)
                yield Operation(path=place.path, before=before, after=after)


def _is_as_written(path: str, before: Image, records: Mapping[str, str]) -> bool:
    """Whether our link, or a file in our own folder, is still what stands there."""
    if before.kind != "link":
        return before.kind == "file" and path.startswith(PRIVATE)
    return hash_value(LinkTo(destination=before.destination)) == records[path].removeprefix(ADOPTED)


def _released(target: Target, path: str, data: bytes, records: Mapping[str, str]) -> bytes | None:
    """The file without markers and without handlers of ours; None where nothing remains."""
    fragments = [r.partition("#")[2] for r in records if r.partition("#")[0] == path]
    parts = {fragment: part_of(path, fragment) for fragment in fragments}
    try:
        if Part.BLOCK in parts.values():
            return unwrap_blocks(path, data)
        handlers = [f for f, part in parts.items() if part is Part.HANDLER and _is_ours(f)]
        edits = [Edit(address=_address(target, path, f), value=None) for f in handlers]
        return edit_document(path, data, edits, {}).data if edits else data
    except DocumentError as error:
        raise OperationError(f"{target.absolute(path)}: {error.message}") from error


def _is_ours(fragment: str) -> bool:
    return fragment.rpartition("/")[2] in _OUR_HANDLERS


def _address(target: Target, path: str, fragment: str) -> Address:
    return Address(target=target.name, path=path, fragment=fragment)


def _ledgers(world: World, ledgers: tuple[StoredLedger, ...]) -> Iterator[Operation]:
    for stored in ledgers:
        if stored.path and stored.state in ("good", "damaged"):
            path = real_entry(stored.path)
            before = take_image(world.door, path)
            yield Operation(path=path, before=before, after=ABSENT_IMAGE, last=True)
