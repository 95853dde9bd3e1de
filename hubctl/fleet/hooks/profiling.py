"""The profile of a hub's hooks: what takes long, and what in settings costs or cannot work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.check.client import handler_rules
from hubctl.check.client.facts import TOOL_EVENTS
from hubctl.check.client.report import findings_of
from hubctl.check.client.rule import text
from hubctl.check.fleet.hook_scripts import missing
from hubctl.check.fleet.seen import LOCAL, SETTINGS, Seen
from hubctl.config.thresholds import thresholds
from hubctl.documents import DocumentError, read_document
from hubctl.documents.hook_groups import handler_id, own_id
from hubctl.fleet.hooks.timing import (
    DURATION,
    Timing,
    spool_timings,
    stored_timings,
    transcript_timings,
)
from hubctl.metrics.refresh import Wanted, refresh
from hubctl.metrics.store import metrics_path, open_store
from hubctl.metrics.watch import nobody
from hubctl.model.finding import Finding, Severity
from hubctl.system.spool import spool_records
from hubctl.system.transcripts import transcript_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.config.thresholds import Threshold
    from hubctl.fleet.world import World
    from hubctl.metrics.watch import Watch
    from hubctl.model.target import Target

_EVERY_TOOL = ("", "*", ".*", "^.*$", ".+")
_MILLISECONDS = next(
    rule for rule in handler_rules.RULES if rule.id == "settings/hook-timeout-milliseconds"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What was found.

    Attributes:
        timings: slowest first, spool before transcripts. findings: of settings, and of slow hooks.
        damaged: spool lines that cannot be read.
    """

    timings: tuple[Timing, ...]
    findings: tuple[Finding, ...]
    damaged: int


def profile(world: World, since: float, watch: Watch = nobody) -> Profile:
    """The profile of everything that ran since `since` (seconds since the epoch)."""
    limit = next(
        row for row in thresholds(world.compiler.head.document) if row.name == "hook_latency_ms"
    )
    of_hooks, damaged = _of_hooks(world, since, limit, watch)
    lines = transcript_lines(world.places.config_dir, since, DURATION.encode())
    timings = (*of_hooks, *transcript_timings(lines, limit))
    findings = (*_slow(timings, limit), *_of_settings(world))
    return Profile(timings=timings, findings=findings, damaged=damaged)


def _of_hooks(
    world: World, since: float, limit: Threshold, watch: Watch
) -> tuple[tuple[Timing, ...], int]:
    """From the metrics store; where that cannot be filled, from this hub's spool itself."""
    done = refresh(world.places, Wanted.of(world.compiler.head.document.get("metrics")), watch)
    if done.problem:
        records, damaged = spool_records(world.compiler.machine.registry_dir, since)
        return spool_timings(records, limit), damaged
    with open_store(metrics_path(world.places)) as store:
        found = stored_timings(store, int(since * 1_000_000), limit)
        return found, int(store.meta("spool_damaged", "0"))


def _slow(timings: tuple[Timing, ...], limit: Threshold) -> Iterator[Finding]:
    for one in timings:
        if one.level:
            most = limit.critical if one.level == "critical" else limit.warning
            yield Finding(
                rule="hooks/slow",
                severity=Severity.WARNING,
                message=f"{one.name} took {one.p95:g} ms in the 95th of 100 runs ({one.source})",
                expected=f"at most {most:g} ms ({one.level})",
                hint="disable it, shorten what it does, or raise thresholds.hook_latency_ms",
                exit_code=1,
            )


def _of_settings(world: World) -> Iterator[Finding]:
    for name in world.compiler.head.names:
        target = world.compiler.locate(name).target
        if target is not None:
            seen = _seen(world, target)
            yield from _in_milliseconds(seen)
            yield from _missing_scripts(seen)
            yield from _every_tool(seen)


def _seen(world: World, target: Target) -> Seen:
    paths = (SETTINGS,) if target.is_host else (SETTINGS, LOCAL)
    found = {path: _settings(world, target, path) for path in paths}
    return Seen(
        target=target.name,
        root=target.root,
        home=world.places.home,
        settings={path: content for path, content in found.items() if content},
        absolute=target.absolute,
        exists=lambda path: world.door.look(path) is not None,
    )


def _settings(world: World, target: Target, path: str) -> Mapping[str, object]:
    try:
        root = read_document(path, world.door.read(target.absolute(path))).root
    except (OSError, DocumentError):
        return {}
    return root if isinstance(root, dict) else {}


def _in_milliseconds(seen: Seen) -> Iterator[Finding]:
    for path, case in seen.cases():
        hits = [(_MILLISECONDS, hit) for hit in _MILLISECONDS.find(case)]
        yield from (
            replace(finding, exit_code=1) for finding in findings_of(hits, seen.address(path))
        )


def _missing_scripts(seen: Seen) -> Iterator[Finding]:
    for hit in missing(seen):
        yield Finding(
            rule="hooks/missing-script",
            severity=Severity.WARNING,
            message=hit.what,
            address=hit.address,
            hint="mend the path, or remove the entry",
            exit_code=1,
        )


def _every_tool(seen: Seen) -> Iterator[Finding]:
    """Handlers of somebody's own that start a process for each call of any tool."""
    for path, case in seen.cases():
        for handler in case.handlers():
            wide = handler.event in TOOL_EVENTS and text(handler.matcher) in _EVERY_TOOL
            if wide and not own_id(handler.entry):
                fragment = f"hook:{handler.event}/{handler_id(handler.entry)}"
                yield Finding(
                    rule="hooks/every-tool",
                    severity=Severity.NOTE,
                    message=f"{handler.event}: a handler starts a process for every tool call",
                    address=seen.address(path, fragment),
                    hint="name the tools that it needs in its matcher",
                )
