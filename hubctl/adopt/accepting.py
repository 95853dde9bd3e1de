"""Accepting: one address whose reality differs, and the edit of canonical.yaml that wants it so.

Edits are proposed, proved on a compiled trial and returned; nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from hubctl.adopt.expressible import is_handler, refusal
from hubctl.adopt.layer_edit import (
    Layer,
    add_element,
    layer_of,
    remove_at,
    remove_element,
    set_field,
    set_handler,
    unset_field,
)
from hubctl.adopt.reading import PATHS
from hubctl.adopt.trial import trial_plan, with_data
from hubctl.config.edit import add_to_list
from hubctl.documents.hook_groups import OWN, OWN_ASYNC
from hubctl.engine.operations import Batch, Operation, file_image, take_image
from hubctl.engine.prepare import Allowed, Records, prepare
from hubctl.errors import ConflictError, OperationError, UsageError
from hubctl.model.address import HOST, Part
from hubctl.model.item import FileText, Handler, JsonValue
from hubctl.model.source_names import select
from hubctl.model.state import ABSENT, Action, Scope, Status
from hubctl.render.origin import with_origin, without_origin

if TYPE_CHECKING:
    from hubctl.fleet.hub import HubFiles
    from hubctl.fleet.world import World
    from hubctl.model.address import Address
    from hubctl.model.change import Change, TargetPlan
    from hubctl.model.item import Value
    from hubctl.model.ledger import Ledger
    from hubctl.model.state import Absent
    from hubctl.model.target import Source
    from hubctl.system.sources import Sources

_SECTIONS: Final = {path: section for section, path in PATHS.items()}
_OPEN: Final = (Status.DRIFTED, Status.MISSING, Status.CONFLICT, Status.UNMANAGED, Status.ORPHAN)
_NO_WAY: Final = {
    Part.BLOCK: "its lines are made of several parts of canonical.yaml; edit those",
    Part.UNIT: "set it under `units` in canonical.yaml",
    Part.LINK: "hubctl makes this link itself",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An edit that accepts changes.

    Attributes:
        data: bytes of canonical.yaml. sources: what is written into the hub's own folders.
        changes: what was accepted, as it is to be recorded.
    """

    data: bytes
    sources: tuple[Operation, ...] = ()
    changes: tuple[Change, ...] = ()


def find_change(plan: TargetPlan, address: Address) -> Change:
    """The change at an address that can be accepted.

    Raises:
        UsageError: nothing differs there, or it only waits to be applied.
    """
    for change in plan.changes:
        if change.address == address:
            if change.status in _OPEN and change.action is not Action.ADOPT:
                return change
            raise UsageError(f"{address}: nothing to accept: it is {change.status.value}")
    raise UsageError(
        f"{address}: nothing to accept: it is as canonical.yaml wants it, or not there",
        hint=f"hubctl drift {address.target}",
    )


def accept(world: World, done: Accepted, change: Change, layer_name: str = "") -> Accepted:
    """What was accepted so far, and `change` too, in the target's own layer or a named one.

    Raises:
        UsageError: canonical.yaml cannot say it.
    """
    address = change.address
    layer = layer_of(done.data, world.files.path, address.target, layer_name)
    section = "settings" if _is_host_settings(address) else _SECTIONS.get(address.path)
    if address.part in _NO_WAY or (section is None and address.fragment):
        why = _NO_WAY.get(address.part, "canonical.yaml has no word for it")
        raise UsageError(f"{address} cannot be accepted: {why}")
    recorded = replace(done, changes=(*done.changes, _recording(change)))
    if section is None:
        return _accept_file(world, recorded, change, layer)
    return replace(recorded, data=_accept_value(layer, section, change))


def _is_host_settings(address: Address) -> bool:
    return address.target == HOST and address.path == PATHS["settings"]


def _recording(change: Change) -> Change:
    """The change as a mere record: reality is what is wanted now."""
    if change.observed is ABSENT:
        return replace(change, action=Action.FORGET, desired=None)
    assert not isinstance(change.observed, type(ABSENT))
    return replace(change, action=Action.ADOPT, desired=change.observed)


# -- values ---------------------------------------------------------------------------------------


def _accept_value(layer: Layer, section: str, change: Change) -> bytes:
    address, observed = change.address, change.observed
    if address.part is Part.HANDLER:
        return _accept_handler(layer, section, address, observed)
    keys = address.pointer[1:] if section == "mcp" else address.pointer
    if not keys or keys[0] == "hooks":
        raise UsageError(
            f"{address} cannot be accepted as a whole",
            hint="accept what is in it, or let `hubctl adopt` take over what is new",
        )
    if address.part is Part.ELEMENT:
        if observed is ABSENT:
            return remove_element(layer, section, keys, address.element)
        _require_sayable(address, keys, address.element)
        return add_element(layer, section, keys, address.element)
    if observed is ABSENT:
        return unset_field(layer, section, keys)
    assert isinstance(observed, JsonValue)
    _require_sayable(address, keys, observed.value)
    return set_field(layer, section, keys, observed.value)


def _accept_handler(
    layer: Layer, section: str, address: Address, observed: Value | Absent
) -> bytes:
    event, _, name = address.name.partition("/")
    if name in (OWN, OWN_ASYNC):
        raise UsageError(
            f"{address} cannot be accepted: it is the handler of hubctl's own hooks",
            hint="change `hooks` in canonical.yaml, or repair it with `hubctl drift --fix`",
        )
    scope = "host" if address.target == HOST else "local" if section == "local" else "project"
    if not isinstance(observed, Handler):
        return set_handler(layer, event, name, scope, None)
    if not is_handler(observed.entry):
        raise UsageError(f"{address} cannot be accepted: canonical.yaml takes no such handler")
    _require_sayable(address, ("hooks", event), dict(observed.entry))
    return set_handler(layer, event, name, scope, observed)


def _require_sayable(address: Address, keys: tuple[str, ...], value: object) -> None:
    reason = refusal(keys, value)
    if reason:
        raise UsageError(f"{address} cannot be accepted: {reason}")


# -- whole files ----------------------------------------------------------------------------------


def _accept_file(world: World, done: Accepted, change: Change, layer: Layer) -> Accepted:
    kind, _, name = change.address.path.removeprefix(".claude/").partition("/")
    source = _source(world, change.address, kind, name)
    if not isinstance(change.observed, FileText):
        return replace(done, data=_without_name(world, layer, change.address, kind, name))
    text = without_origin(change.observed.text)
    if with_origin(kind, name, text, source.shown) != change.observed.text:
        text = change.observed.text
    folder = world.files.folder
    place = f"{folder}/{kind}/{name}"
    before = take_image(world.door, place)
    if before.kind == "absent":
        raise UsageError(
            f"{change.address} cannot be accepted: it is made from {source.shown}",
            hint=f"put a copy into the hub's {kind}/ folder first; it then goes before that one",
        )
    after = file_image(text.encode("utf-8", "surrogateescape"), before.mode)
    operation = Operation(path=place, before=before, after=after)
    return replace(done, sources=(*done.sources, operation))


def _source(world: World, address: Address, kind: str, name: str) -> Source:
    names = world.compiler.spec(address.target).get(kind.replace("-", "_"), ())
    sources = _sources(world.files).find(kind, names).sources if names else ()
    for source in sources:
        if source.name == name:
            return source
    raise UsageError(
        f"{address} cannot be accepted: no source of the hub is behind it",
        hint="let the hub own it: hubctl adopt PATH --own ADDRESS",
    )


def _sources(files: HubFiles) -> Sources:
    from hubctl.system.data import data_folder
    from hubctl.system.sources import Sources

    return Sources(files.folder, data_folder("templates"))


def _without_name(world: World, layer: Layer, address: Address, kind: str, name: str) -> bytes:
    key = kind.replace("-", "_")
    names = world.compiler.spec(address.target).get(key, ())
    meant = [one for one in names if select(one, (name,), kind)]
    files = _sources(world.files).find(kind, meant).sources
    if len(meant) != 1 or len(files) != 1:
        raise UsageError(
            f"{address} cannot be accepted: {', '.join(meant) or 'its name'} means more than it",
            hint=f"edit `{key}` in canonical.yaml",
        )
    return remove_at(layer, (*layer.path, key), (key,), meant[0])


# -- allowing -------------------------------------------------------------------------------------


def allow(world: World, data: bytes, address: Address, reason: str, until: str) -> bytes:
    """canonical.yaml with an exception for an address until a day (ISO, the last one)."""
    entry = {"address": str(address), "reason": reason, "until": until}
    return add_to_list(data, ("exceptions",), entry, file=world.files.path)


# -- proving and recording ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """An accepted edit that was compiled and compared: `worlds` are the hub before and after it."""

    accepted: Accepted
    before: World
    after: World


def prove(world: World, accepted: Accepted) -> Proved:
    """Refuse an edit after which an accepted address would still be written.

    Raises:
        ConflictError: another layer says otherwise.
    """
    trial = with_data(world, accepted.data)
    for name in _targets(accepted):
        plan = trial_plan(trial, name)
        left = {c.address for c in plan.changes if _is_open(c)}
        for change in accepted.changes:
            if change.address in left and change.address.fragment:
                raise ConflictError(
                    f"{change.address}: another layer of canonical.yaml still says otherwise",
                    hint=f"hubctl explain '{change.address}'",
                )
    return Proved(accepted=accepted, before=world, after=trial)


def _targets(accepted: Accepted) -> tuple[str, ...]:
    return tuple(dict.fromkeys(change.address.target for change in accepted.changes))


def _is_open(change: Change) -> bool:
    recording = change.action in (Action.ADOPT, Action.FORGET)
    return not recording and change.status not in (Status.SHADOWED, Status.UNMANAGED)


def batches_of(proved: Proved) -> tuple[Batch, ...]:
    """What is written beside canonical.yaml: the hub's sources, and the records.

    Raises:
        OperationError: a ledger cannot be written.
    """
    accepted = proved.accepted
    folder = proved.before.files.folder
    sources = Batch(target="sources", root=folder, operations=accepted.sources)
    return (sources, *(_recorded(proved, name) for name in _targets(accepted)))


def _recorded(proved: Proved, name: str) -> Batch:
    target = proved.before.compiler.locate(name).target
    if target is None:
        raise OperationError(f"{name} is not on this machine")
    before = trial_plan(proved.before, name)
    after = trial_plan(proved.after, name)
    scopes = {row.local: Scope(row.scope) for row in proved.after.compiler.compiled(name).rows}
    mine = tuple(
        replace(change, scope=scopes.get(change.address.local, change.scope))
        for change in proved.accepted.changes
        if change.address.target == name
    )
    known = {change.address for change in (*before.changes, *mine)}
    follows = (c for c in after.changes if c.action is Action.ADOPT and c.address not in known)
    committed, local = proved.before.ledgers(target)
    records = Records(
        committed=committed,
        local=local,
        hub=proved.before.hub,
        repository=name,
        seen=_baseline(local.ledger, before, after),
    )
    plan = replace(before, changes=(*mine, *follows), fingerprints={})
    return prepare(plan, target, records, proved.before.door, Allowed())


def _baseline(
    ledger: Ledger, before: TargetPlan, after: TargetPlan
) -> dict[str, tuple[str, ...]] | None:
    """What counts as foreign from now on: what did before, and what accepting let go of."""
    if ledger.seen is None:
        return None
    seen = {path: frozenset(pointers) for path, pointers in ledger.seen.items()}
    for path, pointers in after.foreign.items():
        freed = frozenset(pointers) - frozenset(before.foreign.get(path, ()))
        seen[path] = seen.get(path, frozenset()) | freed
    return {path: tuple(sorted(pointers)) for path, pointers in seen.items()}
