"""Values that are shown masked for what they hold, wherever they stand.

Where a value stands says most (`is_sensitive`); this is about texts that look like secrets, and
about objects with a sensitive member somewhere inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from hubctl.config.secrets import is_sensitive, scan_text, scan_value
from hubctl.model.item import BlockText, FileText, Handler, JsonValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.model.item import Value


def is_flagged(pointer: tuple[str, ...], value: Value) -> bool:
    """Whether the value found at the keys `pointer` holds something that must not be shown."""
    match value:
        case FileText() | BlockText():
            return _has_secret(value.text)
        case JsonValue():
            return _is_flagged_json(pointer, value.value)
        case Handler():
            return _is_flagged_json(pointer, dict(value.entry))
    return False


@lru_cache(maxsize=256)
def _has_secret(text: str) -> bool:
    """Kept, because one source stands in a thousand repositories."""
    return bool(scan_text(text, file=""))


def _is_flagged_json(pointer: tuple[str, ...], value: object) -> bool:
    if any(is_sensitive(path) for path in _leaves(pointer, value)):
        return True
    return bool(scan_value(pointer, value))


def _leaves(path: tuple[str, ...], value: object) -> Iterator[tuple[str, ...]]:
    """Paths of everything inside that is no object and no list."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from _leaves((*path, str(key)), member)
    elif isinstance(value, (list, tuple)):
        for member in value:
            yield from _leaves(path, member)
    else:
        yield path
