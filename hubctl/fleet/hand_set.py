"""The scalar settings that somebody set by hand, reduced to what comparing them needs.

A value that must not be shown is kept as a digest and a mask. Pure.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from hubctl.check.client.facts import CLIENT_WRITES
from hubctl.check.fleet.seen import LOCAL, MCP
from hubctl.check.inventory import Setting
from hubctl.model.address import join_pointer
from hubctl.model.hashing import hash_json
from hubctl.output.cells import clip, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NOT_COMPARED: Final = frozenset(("$schema", "enabledPlugins", "hooks", "pluginConfigs"))
_WIDEST: Final = 60
_DIGITS: Final = 16

Keys = tuple[str, ...]


def hand_set(
    settings: Mapping[str, Mapping[str, object]], owned: frozenset[str]
) -> dict[str, Setting]:
    """Local address → value, for scalars of settings files that canonical sets in none of them."""
    ours = {local.partition("#")[2] for local in owned}
    found: dict[str, Setting] = {}
    for path, document in settings.items():
        skipped = _NOT_COMPARED | set(CLIENT_WRITES["local"] if path == LOCAL else ())
        for keys, value in _scalars(document, ()) if path != MCP else ():
            if keys[0] not in skipped and not _is_ours(keys, ours):
                found[f"{path}#{join_pointer(keys)}"] = _setting(keys, value)
    return found


def _scalars(value: object, at: Keys) -> Iterator[tuple[Keys, object]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _scalars(member, (*at, key))
    elif at and not isinstance(value, list):
        yield at, value


def _is_ours(keys: Keys, ours: set[str]) -> bool:
    return any(join_pointer(keys[:n]) in ours for n in range(1, len(keys) + 1))


def _setting(keys: Keys, value: object) -> Setting:
    from hubctl.config.secrets import is_sensitive, mask

    text = value if isinstance(value, str) else json.dumps(value)
    shown = json.dumps(value, ensure_ascii=False)
    shown = mask(text) if is_sensitive(keys) else clip(printable(shown), _WIDEST)
    return Setting(hash_json(value).removeprefix("sha256:")[:_DIGITS], shown)
