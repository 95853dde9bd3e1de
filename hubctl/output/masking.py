"""Masking: nothing sensitive leaves a report, whatever the format.

Values of sensitive changes are replaced before a report is made; texts that happen to quote one
are scrubbed as well, so that a careless reason or finding cannot undo it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.model.address import Part, element_fragment
from hubctl.model.item import BlockText, FileText, Handler, JsonValue, LinkTo, UnitState, Value
from hubctl.model.state import Absent

if TYPE_CHECKING:
    from hubctl.model.address import Address
    from hubctl.model.change import Change, Plan, TargetPlan
    from hubctl.model.finding import Finding

_SHORTEST_SCRUBBED = 6  # shorter ones are words of ordinary sentences
_PLAIN_KEYS = frozenset(("type",))  # says what kind of handler or server it is


def hidden(text: str) -> str:
    """What is shown in the place of `text`."""
    return f"‹hidden, {len(text)} character{'' if len(text) == 1 else 's'}›"


def is_hidden(text: str) -> bool:
    """Whether `text` is a mask rather than a value."""
    return text.startswith("‹hidden, ") and text.endswith("›")


def mask_value(value: Value) -> Value:
    """The value with every leaf hidden; keys, matchers and unit states stay readable."""
    match value:
        case FileText():
            return replace(value, text=hidden(value.text))
        case BlockText():
            return replace(value, text=hidden(value.text))
        case LinkTo():
            return LinkTo(destination=hidden(value.destination))
        case JsonValue():
            return JsonValue(value=_mask_json(value.value))
        case Handler():
            return replace(value, entry=_mask_entries(value.entry))
        case UnitState():
            return value


def _mask_json(value: object) -> object:
    if isinstance(value, Mapping):
        return _mask_entries(value)
    if isinstance(value, (list, tuple)):
        return [_mask_json(item) for item in value]
    return hidden(value if isinstance(value, str) else json.dumps(value))


def _mask_entries(entries: Mapping[str, object]) -> dict[str, object]:
    return {
        key: value if key in _PLAIN_KEYS and isinstance(value, str) else _mask_json(value)
        for key, value in entries.items()
    }


Scrub = Callable[[str], str]


def scrubber(plan: Plan) -> Scrub:
    """A function that hides every quotation of a sensitive value of `plan` in a text."""
    found = {text for change in plan.changes() if change.sensitive for text in _secrets(change)}
    secrets = sorted(found, key=lambda text: (-len(text), text))

    def scrub(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, hidden(secret))
        return text

    return scrub


def masked_plan(plan: Plan, scrub: Scrub) -> Plan:
    """The plan with every sensitive value, and every quotation of one, hidden."""
    return replace(
        plan,
        targets=tuple(_mask_target(target, scrub) for target in plan.targets),
        findings=tuple(_scrub_finding(finding, scrub) for finding in plan.findings),
    )


def _mask_target(target: TargetPlan, scrub: Scrub) -> TargetPlan:
    if not target.changes and not target.findings:
        return target
    return replace(
        target,
        changes=tuple(_mask_change(change, scrub) for change in target.changes),
        findings=tuple(_scrub_finding(finding, scrub) for finding in target.findings),
    )


def _mask_change(change: Change, scrub: Scrub) -> Change:
    change = replace(change, reason=scrub(change.reason), excepted=scrub(change.excepted))
    if not change.sensitive:
        return change
    seen = change.observed
    return replace(
        change,
        address=mask_address(change.address),
        desired=None if change.desired is None else mask_value(change.desired),
        observed=seen if isinstance(seen, Absent) else mask_value(seen),
    )


def mask_address(address: Address) -> Address:
    """An element's address quotes its value."""
    if address.part is not Part.ELEMENT:
        return address
    value = address.element
    text = hidden(value if isinstance(value, str) else json.dumps(value))
    return replace(address, fragment=element_fragment(address.pointer, text))


def _scrub_finding(finding: Finding, scrub: Scrub) -> Finding:
    return replace(
        finding,
        message=scrub(finding.message),
        address=scrub(finding.address),
        expected=scrub(finding.expected),
        hint=scrub(finding.hint),
    )


def _secrets(change: Change) -> Iterator[str]:
    for value in (change.desired, change.observed):
        for text in _leaves(value):
            quoted = (
                json.dumps(text, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)
            )
            yield from (form for form in (text, *quoted) if len(form) >= _SHORTEST_SCRUBBED)


def _leaves(value: object) -> Iterator[str]:
    match value:
        case FileText() | BlockText():
            for line in value.text.splitlines():
                yield from (line.strip(), *(line.partition(end)[2].strip(" \t\"'") for end in "=:"))
        case LinkTo():
            yield value.destination
        case JsonValue():
            yield from _json_leaves(value.value)
        case Handler():
            yield from _json_leaves(value.entry)


def _json_leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from () if key in _PLAIN_KEYS else _json_leaves(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _json_leaves(item)
