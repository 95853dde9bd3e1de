"""Model values as JSON and back: the one spelling that reports and saved plans share.

Encoding never loses anything; decoding is for data that a schema has already checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, TypeAlias

from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.item import BlockText, FileText, Handler, JsonValue, LinkTo, UnitState, Value
from hubctl.model.state import Absent

Json: TypeAlias = dict[str, object]


_KINDS: Final[Mapping[str, type]] = {
    "file": FileText,
    "block": BlockText,
    "link": LinkTo,
    "json": JsonValue,
    "handler": Handler,
    "state": UnitState,
}
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}


def encode_value(value: Value | Absent | None) -> Json | None:
    """A value as `{kind, …its fields}`; null where nothing stands or nothing is wanted."""
    if value is None or isinstance(value, Absent):
        return None
    head: Json = {"kind": _NAMES[type(value)]}
    return head | {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else value


def decode_value(data: Mapping[str, object]) -> Value:
    """The inverse of `encode_value`, for an object that fits the schema."""
    given = {key: data[key] for key in data if key != "kind"}
    value: Value = _KINDS[str(data["kind"])](**given)
    return value


def encode_location(location: Location | None) -> Json | None:
    """`{file, line, column}`, numbers from 1 and 0 for unknown."""
    if location is None:
        return None
    return {"file": location.file, "line": location.line, "column": location.column}


def decode_location(data: object) -> Location | None:
    """The inverse of `encode_location`."""
    return Location(**data) if isinstance(data, dict) else None


def encode_finding(finding: Finding) -> Json:
    """A finding with all its fields."""
    found: Json = {field.name: getattr(finding, field.name) for field in fields(finding)}
    return found | {
        "severity": finding.severity.value,
        "location": encode_location(finding.location),
        "decided_by": encode_location(finding.decided_by),
    }


def decode_finding(data: Mapping[str, object]) -> Finding:
    """The inverse of `encode_finding`."""
    found: dict[str, Any] = dict(data)
    found["location"] = decode_location(found["location"])
    found["decided_by"] = decode_location(found["decided_by"])
    return Finding(**found | {"severity": Severity(found["severity"])})
