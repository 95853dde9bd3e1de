"""Renders the host's units as launchd agents on macOS, and names what launchd cannot do.

The units and their names are those of `units`; what differs is the file. A unit whose times
launchd cannot express is left out, with a finding, rather than run at other times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.errors import UsageError
from hubctl.model.address import HOST, Address
from hubctl.model.finding import Finding, Severity
from hubctl.model.item import FileText, Item
from hubctl.model.state import Scope
from hubctl.model.unit_values import MICROSECONDS, parse_timespan
from hubctl.render.origin import html_origin
from hubctl.render.schedule import launchd_intervals, starts_on_the_minute
from hubctl.render.unit_spec import read_units, shown
from hubctl.render.units import state_items

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubctl.model.target import Subject
    from hubctl.render.unit_spec import Unit

NAME = "launchd"
FOLDER = "Library/LaunchAgents"
_KEEP_ALIVE: dict[str, object] = {
    "always": True,
    "on-success": {"SuccessfulExit": True},
    "on-failure": {"SuccessfulExit": False},
    "on-abnormal": {"Crashed": True},
    "on-abort": {"Crashed": True},
}
_WITHOUT_COUNTERPART = {
    "memory_max": "launchd enforces no memory limit",
    "cpu_quota": "launchd has no CPU quota",
    "randomized_delay": "launchd does not spread starts",
    "accuracy": "launchd chooses its own accuracy",
    "timeout": "launchd does not end a job that takes too long",
    "listen": "launchd hands over no socket: the command starts at login and listens itself",
    "after": "launchd does not order jobs",
    "wants": "launchd does not start one job for another",
    "sections": "the `systemd` map is for systemd only",
}


def render(subject: Subject) -> tuple[Item, ...]:
    """Agent and states of every unit that launchd can run; nothing elsewhere than on macOS."""
    if subject.machine.platform != "darwin":
        return ()
    items: list[Item] = []
    for unit in read_units(subject).units:
        if not obstacle(unit):
            items.append(_file(unit, subject))
            items += state_items(unit, unit.stem, NAME)
    return tuple(items)


def obstacle(unit: Unit) -> str:
    """Why launchd cannot run the unit at all, "" where it can."""
    try:
        for _, calendar in unit.schedule:
            launchd_intervals(calendar)
    except UsageError as error:
        return error.message
    if not unit.command:
        return "its command is in the `systemd` map only"
    if unit.has_timer and not (unit.schedule or unit.every):
        return "its times are in the `systemd` map only"
    if unit.every and _seconds(unit) < 1:
        return "launchd cannot run a job more often than every second"
    return ""


def losses(unit: Unit) -> tuple[str, ...]:
    """What the agent of a unit leaves out, one sentence each, without final period."""
    return tuple(_losses(unit))


def loss_findings(units: Sequence[Unit]) -> tuple[Finding, ...]:
    """What launchd cannot do of these units: a warning for each left out, notes for the rest."""
    found: list[Finding] = []
    for unit in units:
        reason = obstacle(unit)
        if reason:
            found.append(_finding(unit, "not-expressible", f" is not rendered: {reason}"))
            continue
        found += [_finding(unit, "lost", f": {text}") for text in losses(unit)]
    return tuple(found)


def agent_text(unit: Unit, *, origin: str, home: str) -> str:
    """The property list of a unit; `origin` is the text of its comment line."""
    import plistlib

    text = plistlib.dumps(_agent(unit, home), sort_keys=True).decode("utf-8")
    head, doctype, rest = text.partition('PropertyList-1.0.dtd">\n')
    return f"{head}{doctype}{origin}\n{rest}"


def _file(unit: Unit, subject: Subject) -> Item:
    # Two hyphens would end an XML comment.
    origin = html_origin(shown(subject.canonical).replace("--", "- -"))
    return Item(
        address=Address(target=HOST, path=f"{FOLDER}/{unit.stem}.plist"),
        value=FileText(text=agent_text(unit, origin=origin, home=subject.machine.home)),
        scope=Scope.LOCAL,
        renderer=NAME,
        spec=("units", unit.key),
        sensitive=bool(unit.environment),
    )


def _agent(unit: Unit, home: str) -> dict[str, object]:
    log = f"{home}/Library/Logs/{unit.stem}.log"
    agent: dict[str, object] = {
        "Label": unit.stem,
        "ProgramArguments": list(unit.command),
        "ProcessType": "Background" if unit.has_timer else "Standard",
        "StandardOutPath": log,
        "StandardErrorPath": log,
        # Without it launchd starts in the root folder, systemd in the home folder.
        "WorkingDirectory": unit.working_directory or home,
        **_times(unit),
    }
    if unit.environment:
        agent["EnvironmentVariables"] = dict(unit.environment)
    if unit.nice is not None:
        agent["Nice"] = unit.nice
    if unit.restart in _KEEP_ALIVE:
        agent["KeepAlive"] = _KEEP_ALIVE[unit.restart]
    return agent


def _times(unit: Unit) -> dict[str, object]:
    if not unit.has_timer:
        return {"RunAtLoad": True}
    times: dict[str, object] = {}
    rows = [row for _, calendar in unit.schedule for row in launchd_intervals(calendar)]
    if rows:
        times["StartCalendarInterval"] = [row for i, row in enumerate(rows) if row not in rows[:i]]
    if unit.every:
        times["StartInterval"] = _seconds(unit)
    return times


def _losses(unit: Unit) -> Iterator[str]:
    for key, loss in _WITHOUT_COUNTERPART.items():
        if getattr(unit, key):
            yield f"{key}: {loss}" if key != "sections" else loss
    if unit.restart not in ("", "no", *_KEEP_ALIVE):
        yield f"restart: launchd has nothing like {unit.restart}"
    if unit.schedule and unit.persistent:
        yield "persistent: a run missed in sleep is made up, one missed while switched off is not"
    if unit.schedule and not unit.persistent:
        yield "persistent: a run missed in sleep is made up on wake although persistent is off"
    if any(not starts_on_the_minute(calendar) for _, calendar in unit.schedule):
        yield "schedule: launchd starts at the full minute, the seconds are dropped"
    if unit.every and parse_timespan(unit.every) % MICROSECONDS["s"]:
        yield "every: launchd counts whole seconds, the rest is dropped"


def _seconds(unit: Unit) -> int:
    return parse_timespan(unit.every) // MICROSECONDS["s"]


def _finding(unit: Unit, rule: str, message: str) -> Finding:
    refused = rule == "not-expressible"
    return Finding(
        rule=f"units/{rule}",
        severity=Severity.WARNING if refused else Severity.NOTE,
        message=f"unit {unit.stem}{message}",
        path=unit.path,
        address=f"{HOST}:unit:{unit.stem}",
        hint="change its schedule, or disable it for this machine" if refused else "",
        exit_code=1 if refused else 0,
    )
