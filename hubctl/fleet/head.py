"""The head of a compiled hub, a compiled target, and both as JSON for the cache."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubctl.engine.rows import Row
    from hubctl.model.finding import Finding

_BIG = ("repositories", "profiles", "defaults", "global", "canonical.local.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a run needs to know of the whole hub.

    Attributes:
        hub: its name; revision: hash of canonical.yaml.
        names: its targets, `host` first.
        follow: folders links may lead into, expanded.
        document: the hub-wide sections of canonical.yaml (thresholds, units, exceptions …).
        findings: warnings and notes about canonical.yaml; errors never get this far.
    """

    hub: str
    revision: str
    names: tuple[str, ...]
    follow: tuple[str, ...] = ()
    document: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledTarget:
    """One target, ready to be compared.

    Attributes:
        name: its name. path: expanded path, "" for the host or where this machine has none.
        spec: its resolved spec. facts: those the rows were rendered with, as JSON.
        rows: desired things by hash. findings: lint of what was rendered, missing sources …
    """

    name: str
    path: str
    spec: Mapping[str, Any]
    facts: tuple[Any, ...] = ()
    rows: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()


def hub_wide(document: Mapping[str, Any]) -> dict[str, Any]:
    """The sections that concern the hub as a whole."""
    return {key: value for key, value in document.items() if key not in _BIG}


def head_to_json(head: Head) -> dict[str, Any]:
    """A head as JSON."""
    return {
        "hub": head.hub,
        "revision": head.revision,
        "names": list(head.names),
        "follow": list(head.follow),
        "document": dict(head.document),
        "findings": encoded(head.findings),
    }


def head_from_json(found: Mapping[str, Any]) -> Head:
    """The inverse of `head_to_json`."""
    return Head(
        hub=found["hub"],
        revision=found["revision"],
        names=tuple(found["names"]),
        follow=tuple(found["follow"]),
        document=found["document"],
        findings=decoded(found["findings"]),
    )


def target_to_json(target: CompiledTarget) -> list[Any]:
    """A compiled target as JSON, without its spec, which only rendering needs."""
    rows = [list(row) for row in target.rows]
    return [target.path, list(target.facts), rows, encoded(target.findings)]


def target_from_json(name: str, found: list[Any]) -> CompiledTarget:
    """The inverse of `target_to_json`."""
    from hubctl.engine.rows import row_from_json

    path, facts, rows, findings = found
    return CompiledTarget(
        name=name,
        path=path,
        spec={},
        facts=tuple(facts),
        rows=tuple(row_from_json(row) for row in rows),
        findings=decoded(findings),
    )


def encoded(findings: Iterable[Finding]) -> list[Any]:
    """Findings as JSON."""
    from hubctl.output.values import encode_finding

    return [encode_finding(finding) for finding in findings]


def decoded(found: list[Any]) -> tuple[Finding, ...]:
    """The inverse of `encoded`; loads nothing where there are none."""
    if not found:
        return ()
    from hubctl.output.values import decode_finding

    return tuple(decode_finding(item) for item in found)
