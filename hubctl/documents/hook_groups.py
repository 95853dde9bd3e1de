"""Hook handlers in the parsed `hooks` of a settings file: names, recognition, reading.

`hooks` → event → matcher groups `{matcher?, hooks: […]}`. Plain data in, values out; changing the
text is json_hooks' business. Groups and entries of another shape are passed over, as by the client.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.model.hashing import canonical_json
from hubctl.model.item import Handler, hash_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OWN = "hubctl"
OWN_ASYNC = "hubctl-async"
_PROGRAM = "current/run.py"
_ID_LENGTH = 12
# What makes two handlers the same one, by type; timeouts, messages and the like do not.
_IDENTITY = {
    "command": ("command", "args"),
    "http": ("url",),
    "mcp_tool": ("server", "tool"),
    "prompt": ("prompt",),
    "agent": ("prompt",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One handler and where it stands: group and entry count from 0 within its event."""

    group: int
    index: int
    handler: Handler


def handler_identity(entry: Mapping[str, object]) -> dict[str, object]:
    """The part of a handler entry that names it; the whole entry for an unknown type."""
    keys = _IDENTITY.get(str(entry.get("type")))
    if keys is None:
        return dict(entry)
    return {key: entry[key] for key in ("type", *keys) if key in entry}


def handler_id(entry: Mapping[str, object]) -> str:
    """The id of a handler in addresses: 12 hexadecimal digits of its identity's SHA-256."""
    return hashlib.sha256(canonical_json(handler_identity(entry))).hexdigest()[:_ID_LENGTH]


def own_id(entry: Mapping[str, object]) -> str:
    """`hubctl` or `hubctl-async` if the entry runs the dispatcher, else ""."""
    command = entry.get("command")
    if not isinstance(command, str):
        return ""
    args = entry.get("args")
    words = (command, *args) if isinstance(args, list) else (command,)
    if any(isinstance(word, str) and _PROGRAM in word for word in words):
        return OWN_ASYNC if entry.get("async") is True else OWN
    return ""


def spots_of(groups: object) -> Iterator[Spot]:
    """Every handler of one event, in order."""
    for number, group in enumerate(groups if isinstance(groups, list) else ()):
        entries = group.get("hooks") if isinstance(group, dict) else None
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                yield Spot(group=number, index=index, handler=_handler(group, entry))


def _handler(group: Mapping[str, object], entry: Mapping[str, object]) -> Handler:
    matcher = group.get("matcher", "")
    # A matcher of another type equals none that is wanted, so it shows as a difference.
    text = matcher if isinstance(matcher, str) else json.dumps(matcher)
    return Handler(matcher=text, entry=entry, ours=bool(own_id(entry)))


def find_handlers(groups: object, name: str, recorded: str = "") -> tuple[Spot, ...]:
    """The handlers of one event that answer to an id, best first.

    An exact match of the `recorded` hash is best. The dispatcher's own handlers are known by
    their program, so all that are found are ours; of another id more than one may be found
    (one text under two matchers), and only the best is meant.
    """
    spots = tuple(spots_of(groups))
    if name not in (OWN, OWN_ASYNC):
        return _exact_first([s for s in spots if handler_id(s.handler.entry) == name], recorded)
    found = [spot for spot in spots if own_id(spot.handler.entry) == name]
    if found:
        return _exact_first(found, recorded)
    strangers = [spot for spot in spots if not spot.handler.ours]
    return tuple(_as_own(s) for s in strangers if recorded and hash_value(s.handler) == recorded)


def _exact_first(spots: list[Spot], recorded: str) -> tuple[Spot, ...]:
    if len(spots) < 2 or not recorded:
        return tuple(spots)
    return tuple(sorted(spots, key=lambda spot: hash_value(spot.handler) != recorded))


def _as_own(spot: Spot) -> Spot:
    handler = spot.handler
    ours = Handler(matcher=handler.matcher, entry=handler.entry, ours=True)
    return Spot(group=spot.group, index=spot.index, handler=ours)
