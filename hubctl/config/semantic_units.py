"""Checks of units: calendar expressions, time spans, amounts, and units without a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubctl.config.layers import Body, mapping
from hubctl.config.load import LOCAL
from hubctl.config.places import path_text
from hubctl.config.problems import problem, shown
from hubctl.config.resolve import Resolver
from hubctl.config.semantic_bodies import bodies
from hubctl.config.trace import decided_by
from hubctl.errors import UsageError
from hubctl.model.address import HOST
from hubctl.model.calendar import parse_calendar
from hubctl.model.unit_values import parse_memory, parse_quota, parse_timespan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hubctl.config.load import Canonical
    from hubctl.config.places import DocPath
    from hubctl.model.finding import Finding, Location

# key · how it is read · rule
_READ: tuple[tuple[str, Callable[[str], object], str], ...] = (
    ("schedule", parse_calendar, "calendar"),
    ("every", parse_timespan, "timespan"),
    ("randomized_delay", parse_timespan, "timespan"),
    ("accuracy", parse_timespan, "timespan"),
    ("memory_max", parse_memory, "amount"),
    ("cpu_quota", parse_quota, "amount"),
)


def unit_findings(canonical: Canonical) -> Iterator[Finding]:
    """Everything wrong with units, wherever they are declared."""
    declared = tuple(_declared(canonical.document))
    for path, unit in (*declared, *_timers(canonical.document)):
        yield from _values(canonical, path, unit)
    if declared:
        yield from _without_command(canonical)


def _declared(document: Body) -> Iterator[tuple[DocPath, Body]]:
    sections: list[tuple[DocPath, Any]] = [((), document)]
    sections += [(path, body) for path, body in bodies(document)]
    for prefix, holder in (((), document), ((LOCAL,), mapping(document.get(LOCAL)))):
        for name, entry in mapping(holder.get("repositories")).items():
            sections.append(((*prefix, "repositories", name), entry))
    for path, section in sections:
        for name, unit in mapping(mapping(section).get("units")).items():
            yield (*path, "units", name), mapping(unit)


def _timers(document: Body) -> Iterator[tuple[DocPath, Body]]:
    """What `metrics` says of the timers that are made for it."""
    metrics = mapping(document.get("metrics"))
    for name in ("alerts", "report"):
        yield ("metrics", name), mapping(metrics.get(name))


def _values(canonical: Canonical, path: DocPath, unit: Body) -> Iterator[Finding]:
    for key, read, rule in _READ:
        written = unit.get(key)
        for index, text in enumerate(written if isinstance(written, list) else [written]):
            if not isinstance(text, str) or not text:
                continue
            at = (*path, key, index) if isinstance(written, list) else (*path, key)
            try:
                read(text)
            except UsageError as error:
                where = canonical.location(at, value=True)
                yield problem(rule, error.message, where, path=path_text(at), hint=error.hint)


def _without_command(canonical: Canonical) -> Iterator[Finding]:
    """Units that end up without a command once all layers are merged; one per deciding line."""
    seen: set[Location | None] = set()
    for key, unit in Resolver.of(canonical.document).units().items():
        service = mapping(mapping(mapping(unit).get("systemd")).get("Service"))
        if mapping(unit).get("command") or service.get("ExecStart"):
            continue
        where = decided_by(canonical, HOST, ("units", key))
        if where is None or where in seen:
            continue
        seen.add(where)
        repository, slash, name = key.partition("/")
        path = ("repositories", repository, "units", name) if slash else ("units", key)
        message = f"the unit `{shown(name or key)}` has no command"
        yield problem("missing-key", message, where, path=path_text(path), expected="`command:`")
