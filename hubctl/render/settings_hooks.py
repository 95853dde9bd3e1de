"""Hooks that canonical.yaml writes in the client's own form, under `settings.hooks`: as handlers.

Hooks of hubctl itself stand under `hooks` and have their own renderer. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from hubctl.documents.hook_groups import handler_id
from hubctl.errors import UsageError
from hubctl.model.hashing import hash_json
from hubctl.model.item import Handler

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_NAMES = re.compile(r"[A-Za-z0-9_\- ,|]+\Z")
_EVERYTHING = ("", "*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One handler that a settings file is to have; `root` is the part of the spec that says so."""

    root: str
    event: str
    id: str
    handler: Handler


def wanted_handlers(target: str, hooks: Mapping[str, object]) -> tuple[Wanted, ...]:
    """The handlers in the `hooks` of several parts of one target's spec.

    A handler is known by what it runs, so one that stands under two matchers of an event becomes
    one with both.

    Args:
        target: name of the target, for errors.
        hooks: part of the spec (`settings`, `local`) → the value of its `hooks`.

    Raises:
        UsageError: a shape without meaning, or one handler with two different sets of fields.
    """
    found: dict[tuple[str, str], list[Wanted]] = {}
    for root, events in hooks.items():
        for wanted in _handlers(f"{target}: {root}.hooks", root, events):
            found.setdefault((wanted.event, wanted.id), []).append(wanted)
    return tuple(_joined(target, group) for group in found.values())


def _handlers(where: str, root: str, events: object) -> Iterator[Wanted]:
    if not isinstance(events, dict):
        _refuse(where, "is an object: event → matcher groups")
    for event, groups in events.items():
        if not isinstance(groups, list):
            _refuse(f"{where}.{event}", "is a list of matcher groups")
        for group in groups:
            for handler in _group(f"{where}.{event}", group):
                name = handler_id(handler.entry)
                yield Wanted(root=root, event=event, id=name, handler=handler)


def _group(where: str, group: object) -> Iterator[Handler]:
    if not isinstance(group, dict) or not isinstance(group.get("hooks"), list):
        _refuse(where, "has groups with a list `hooks`, and perhaps a `matcher`")
    matcher = group.get("matcher", "")
    if not isinstance(matcher, str) or group.keys() - {"matcher", "hooks"}:
        _refuse(where, "has groups with a text `matcher` and a list `hooks`, and nothing else")
    for entry in group["hooks"]:
        if not isinstance(entry, dict) or not entry:
            _refuse(where, "has handlers that are objects")
        yield Handler(matcher=matcher, entry=entry)


def _joined(target: str, group: Sequence[Wanted]) -> Wanted:
    last = group[-1]
    where = f"{target}: {last.root}.hooks.{last.event}"
    if len({hash_json(wanted.handler.entry) for wanted in group}) > 1:
        _refuse(where, "has the same handler twice with different fields; give it once")
    matcher = _either(where, [wanted.handler.matcher for wanted in group])
    handler = Handler(matcher=matcher, entry=last.handler.entry)
    return Wanted(root=last.root, event=last.event, id=last.id, handler=handler)


def _either(where: str, matchers: Sequence[str]) -> str:
    """The matcher that matches wherever one of `matchers` does."""
    different = list(dict.fromkeys(matchers))
    if len(different) == 1:
        return different[0]
    if any(matcher in _EVERYTHING for matcher in different):
        return ""
    if not all(_NAMES.match(matcher) for matcher in different):
        _refuse(where, "has the same handler under two matchers; write them as one expression")
    return "|".join(different)


def _refuse(where: str, what: str) -> NoReturn:
    raise UsageError(f"{where} {what}", hint="write it as the client's settings.json has it")
