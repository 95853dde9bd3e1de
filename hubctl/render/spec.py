"""Reading a resolved spec with types: plain JSON values in, text, lists and maps out.

The spec has passed the schema; what is absent or of another type reads as empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hubctl.model.state import Scope

if TYPE_CHECKING:
    from hubctl.model.target import Subject


def text_at(spec: Mapping[str, object], key: str) -> str:
    """The text at `key`, "" where there is none."""
    value = spec.get(key)
    return value if isinstance(value, str) else ""


def texts_at(spec: Mapping[str, object], key: str) -> tuple[str, ...]:
    """The texts of the list at `key`, in order."""
    value = spec.get(key)
    items = value if isinstance(value, (list, tuple)) else ()
    return tuple(item for item in items if isinstance(item, str))


def map_at(spec: Mapping[str, object], key: str) -> Mapping[str, object]:
    """The map at `key`, {} where there is none."""
    value = spec.get(key)
    return value if isinstance(value, Mapping) else {}


def is_committed(subject: Subject) -> bool:
    """Whether the target is a repository whose rendered files everybody gets."""
    return not subject.target.is_host and subject.spec.get("commit") is not False


def shared_scope(subject: Subject) -> Scope:
    """Scope of what is meant for everybody: local for the host and under `commit: false`."""
    return Scope.COMMITTED if is_committed(subject) else Scope.LOCAL
