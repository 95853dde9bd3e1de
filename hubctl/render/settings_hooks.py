"""Hooks that canonical.yaml writes in the client's own form, under `settings.hooks`: as handlers.

Hooks of hubctl itself stand under `hooks` and have their own renderer. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from hubctl.documents.hook_groups import handler_id
from hubctl.errors import SpecError
from hubctl.model.hashing import hash_json
from hubctl.model.item import Handler

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_NAMES = re.compile(r"[A-Za-z0-9_\- ,|]+\Z")
_EVERYTHING = ("", "*")
HOOKS = "hooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One handler that a settings file is to have; `root` is the part of the spec that says so."""

    root: str
    event: str
    id: str
    handler: Handler


class _Place(NamedTuple):
    """A part of a target's spec, and how to say what is wrong with it."""

    target: str
    spec: tuple[str, ...]

    def refuse(self, what: str) -> NoReturn:
        raise SpecError(
            f"{self.target}: {'.'.join(self.spec)} {what}",
            spec=self.spec,
            hint="write it as the client's settings.json has it",
        )


def wanted_handlers(target: str, hooks: Mapping[str, object]) -> tuple[Wanted, ...]:
    """The handlers in the `hooks` of several parts of one target's spec.

    A handler is known by what it runs, so one that stands under two matchers of an event becomes
    one with both.

    Args:
        target: name of the target, for errors.
        hooks: part of the spec (`settings`, `local`, or `hooks` itself) → the value of its
            `hooks`.

    Raises:
        SpecError: a shape without meaning, or one handler with two different sets of fields.
    """
    found: dict[tuple[str, str], list[Wanted]] = {}
    for root, events in hooks.items():
        for wanted in _handlers(target, root, events):
            found.setdefault((wanted.event, wanted.id), []).append(wanted)
    return tuple(_joined(target, group) for group in found.values())


def _handlers(target: str, root: str, events: object) -> Iterator[Wanted]:
    place = _Place(target, _hooks_of(root))
    if not isinstance(events, dict):
        place.refuse("is an object: event → matcher groups")
    for event, groups in events.items():
        at = _Place(target, (*place.spec, event))
        if not isinstance(groups, list):
            at.refuse("is a list of matcher groups")
        for group in groups:
            for handler in _group(at, group):
                name = handler_id(handler.entry)
                yield Wanted(root=root, event=event, id=name, handler=handler)


def _group(at: _Place, group: object) -> Iterator[Handler]:
    if not isinstance(group, dict) or not isinstance(group.get("hooks"), list):
        at.refuse("has groups with a list `hooks`, and perhaps a `matcher`")
    matcher = group.get("matcher", "")
    if not isinstance(matcher, str) or group.keys() - {"matcher", "hooks"}:
        at.refuse("has groups with a text `matcher` and a list `hooks`, and nothing else")
    for entry in group["hooks"]:
        if not isinstance(entry, dict) or not entry:
            at.refuse("has handlers that are objects")
        yield Handler(matcher=matcher, entry=entry)


def _joined(target: str, group: Sequence[Wanted]) -> Wanted:
    last = group[-1]
    at = _Place(target, (*_hooks_of(last.root), last.event))
    if len({hash_json(wanted.handler.entry) for wanted in group}) > 1:
        at.refuse("has the same handler twice with different fields; give it once")
    matcher = _either(at, [wanted.handler.matcher for wanted in group])
    handler = Handler(matcher=matcher, entry=last.handler.entry)
    return Wanted(root=last.root, event=last.event, id=last.id, handler=handler)


def _either(at: _Place, matchers: Sequence[str]) -> str:
    """The matcher that matches wherever one of `matchers` does."""
    different = list(dict.fromkeys(matchers))
    if len(different) == 1:
        return different[0]
    if any(matcher in _EVERYTHING for matcher in different):
        return ""
    if not all(_NAMES.match(matcher) for matcher in different):
        at.refuse("has the same handler under two matchers; write them as one expression")
    return "|".join(different)


def _hooks_of(root: str) -> tuple[str, ...]:
    return (HOOKS,) if root == HOOKS else (root, HOOKS)
