"""Every hook there is, hubctl's and the hub's own, and the targets that have it. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubctl.config.hooks import normal_hook
from hubctl.errors import UsageError
from hubctl.fleet.hooks.own import own_of
from hubctl.system.hooks_package import registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.fleet.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedHook:
    """One hook.

    Attributes:
        id, description, events, tools, order, deadline, on_error, observing: of its row.
        source: `hubctl`, or the path of the hub's own module.
        problem: why it cannot be used, "" where it can.
        enabled: names of the targets that have it, `host` first.
    """

    id: str
    description: str
    events: tuple[str, ...]
    tools: tuple[str, ...]
    order: int
    deadline: float
    on_error: str
    observing: bool
    source: str
    problem: str
    enabled: tuple[str, ...]


def listed(world: World | None) -> tuple[ListedHook, ...]:
    """All hooks in running order; without a hub those of hubctl, enabled nowhere."""
    own = own_of(world) if world else {}
    where = _enabled(world) if world else {}
    rows = {hook.id: _of_row(hook, "hubctl", where) for hook in registry.HOOKS}
    for known, one in own.items():
        rows[known] = (
            _of_row(one.row, one.shown, where)
            if one.row is not None
            else _unusable(known, one.shown, one.problem)
        )
    return tuple(sorted(rows.values(), key=lambda row: (row.order, row.id)))


def find(world: World | None, name: str) -> registry.Hook:
    """The row of a usable hook, however its id is written.

    Raises:
        UsageError: there is none.
    """
    known = normal_hook(name)
    own = own_of(world) if world else {}
    if known in own:
        one = own[known]
        if one.row is None:
            raise UsageError(f"{one.shown} is no usable hook: {one.problem}")
        return one.row
    hook = registry.find(known)
    if hook is None:
        raise _unknown(name, [*own, *(row.id for row in registry.HOOKS)])
    return hook


def entries_of(spec: Mapping[str, Any], hook: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(event, entry) of a hook in a resolved spec."""
    for event, entries in (spec.get("hooks") or {}).items():
        for entry in entries:
            if entry.get("hook") == hook:
                yield event, entry


def _enabled(world: World) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in world.compiler.head.names:
        hooks = world.compiler.spec(name).get("hooks") or {}
        ids = {e["hook"] for entries in hooks.values() for e in entries if e.get("hook")}
        for known in sorted(ids):
            found.setdefault(known, []).append(name)
    return found


def _of_row(hook: registry.Hook, source: str, where: Mapping[str, list[str]]) -> ListedHook:
    return ListedHook(
        id=hook.id,
        description=hook.description,
        events=tuple(hook.events),
        tools=tuple(hook.tools),
        order=hook.order,
        deadline=float(hook.deadline),
        on_error=hook.on_error,
        observing=bool(hook.observing),
        source=source,
        problem="",
        enabled=tuple(where.get(hook.id, ())),
    )


def _unusable(known: str, shown: str, problem: str) -> ListedHook:
    return ListedHook(
        id=known,
        description="",
        events=(),
        tools=(),
        order=0,
        deadline=0.0,
        on_error=registry.OPEN,
        observing=False,
        source=shown,
        problem=problem,
        enabled=(),
    )


def _unknown(name: str, ids: list[str]) -> UsageError:
    import difflib

    near = difflib.get_close_matches(normal_hook(name), ids, n=1)
    hint = f"did you mean {near[0]}?" if near else "`hubctl hooks list` shows them all"
    return UsageError(f"there is no hook {name!r}", hint=hint)
