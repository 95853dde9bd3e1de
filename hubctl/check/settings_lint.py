"""Lint of client settings: every rule about one settings file, in one pass, as findings.

Works on what we render and on a whole observed file alike. Pure: the schema comes from outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubctl.check.client import (
    handler_rules,
    key_rules,
    matcher_rules,
    permission_rules,
    unreadable_rules,
)
from hubctl.check.client.report import findings_of
from hubctl.check.client.rule import Case, Hit, Place, Rule
from hubctl.check.client.schema import RULES as SCHEMA_RULES
from hubctl.check.client.schema import schema_hits
from hubctl.errors import UsageError
from hubctl.model.address import Part
from hubctl.model.finding import Finding, Severity
from hubctl.model.item import Handler, JsonValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubctl.check.client.facts import Version
    from hubctl.check.client.schema import SettingsSchema
    from hubctl.model.item import Item

CLIENT: Final = "2.1.328"
CLIENT_RULES: Final = (
    *key_rules.RULES,
    *unreadable_rules.RULES,
    *handler_rules.RULES,
    *matcher_rules.RULES,
    *permission_rules.RULES,
)
RULES: Final[tuple[Rule, ...]] = (*CLIENT_RULES, *SCHEMA_RULES)
_WEIGHT: Final = {Severity.ERROR: 2, Severity.WARNING: 1, Severity.NOTE: 0}


def lint_settings(
    settings: Mapping[str, object],
    *,
    scope: Place,
    client: str = CLIENT,
    schema: SettingsSchema | None = None,
    file: str = "",
) -> tuple[Finding, ...]:
    """Everything that is wrong with one settings file.

    Args:
        settings: its content, a JSON object; of items, what `settings_of` makes of them.
        scope: which file it is: `committed`, `local` or `host`.
        client: version of the client that will read it.
        schema: the published schema; None leaves its violations and unknown keys out.
        file: `target:path` of the file, for the addresses of the findings.

    Returns:
        Findings sorted by place and rule. No message holds a value of `env` or of a header.

    Raises:
        UsageError: `client` is no version.
    """
    return findings_of(lint_hits(settings, scope=scope, client=client, schema=schema), file)


def lint_hits(
    settings: Mapping[str, object], *, scope: Place, client: str, schema: SettingsSchema | None
) -> tuple[tuple[Rule, Hit], ...]:
    """The same before it is put into words: what holds for this content in any repository."""
    case = Case(settings=settings, place=scope, client=parse_version(client))
    found = [(rule, hit) for rule in CLIENT_RULES for hit in rule.find(case)]
    if schema is not None:
        found += _unsaid(found, schema_hits(case, schema))
    return tuple(found)


def settings_of(items: Iterable[Item]) -> dict[str, object]:
    """The settings that the items of ONE settings file amount to, in a new file."""
    settings: dict[str, object] = {}
    for item in items:
        if isinstance(item.value, Handler):
            _add_handler(settings, item.address.name.partition("/")[0], item.value)
        elif isinstance(item.value, JsonValue) and item.address.part is Part.ELEMENT:
            *parents, last = item.address.pointer
            _list(_object(settings, parents), last).append(item.value.value)
        elif isinstance(item.value, JsonValue):
            *parents, last = item.address.pointer
            _object(settings, parents)[last] = item.value.value
    return settings


def client_of(document: Mapping[str, object]) -> str:
    """The client's version that a hub names under `hub.client`; the newest we know without one."""
    hub = document.get("hub")
    version = hub.get("client") if isinstance(hub, dict) else None
    return version if isinstance(version, str) else CLIENT


def parse_version(version: str) -> Version:
    """A client version, `2.1.328` or shorter, as numbers.

    Raises:
        UsageError: it is no version.
    """
    parts = version.split(".")
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts) > 3:
        raise UsageError(f"no version of the client: {version!r}", hint=f"write it like {CLIENT}")
    major, minor, patch = (*(int(part) for part in parts), 0, 0)[:3]
    return (major, minor, patch)


def _unsaid(
    said: list[tuple[Rule, Hit]], more: Iterable[tuple[Rule, Hit]]
) -> list[tuple[Rule, Hit]]:
    """What the schema finds where no rule of ours says at least as much already."""
    places = [(hit.place, _weight(rule, hit)) for rule, hit in said]
    return [
        (rule, hit)
        for rule, hit in more
        if not any(
            _covers(place, hit.place) and weight >= max(1, _weight(rule, hit))
            for place, weight in places
        )
    ]


def _covers(place: str, other: str) -> bool:
    return other == place or other.startswith((place + "/", place + "="))


def _weight(rule: Rule, hit: Hit) -> int:
    return _WEIGHT[hit.severity or rule.severity]


def _add_handler(settings: dict[str, object], event: str, handler: Handler) -> None:
    groups = _list(_object(settings, ["hooks"]), event)
    group: dict[str, object] = {"matcher": handler.matcher} if handler.matcher else {}
    groups.append({**group, "hooks": [dict(handler.entry)]})


def _object(parent: dict[str, object], keys: list[str]) -> dict[str, object]:
    for key in keys:
        child = parent.setdefault(key, {})
        if not isinstance(child, dict):
            raise UsageError(f"{'.'.join(keys)}: {key} is both a value and an object")
        parent = child
    return parent


def _list(parent: dict[str, object], key: str) -> list[object]:
    child = parent.setdefault(key, [])
    if not isinstance(child, list):
        raise UsageError(f"{key} is both a value and a list")
    return child
