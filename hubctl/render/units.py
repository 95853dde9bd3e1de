"""Renders the host's units as systemd services, timers and sockets, and the states they shall have.

Owns how a checked unit is written: order, quoting, escaping. On macOS the same units are
rendered by `launchd`. `unit_findings` tells what both have to say about the spec.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hubctl.model.address import HOST, Address
from hubctl.model.item import FileText, Item, UnitState
from hubctl.model.state import Scope
from hubctl.render.origin import hash_origin
from hubctl.render.unit_spec import read_units, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hubctl.model.finding import Finding
    from hubctl.model.target import Subject
    from hubctl.render.unit_spec import Unit

    Section = dict[str, tuple[str, ...]]

NAME = "units"
FOLDER = ".config/systemd/user"
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_@%+=:,./$-]+\Z")


def render(subject: Subject) -> tuple[Item, ...]:
    """Files and states of every unit that is in order; nothing on macOS."""
    if subject.machine.platform == "darwin":
        return ()
    origin = shown(hash_origin(subject.canonical))
    units = read_units(subject).units
    return tuple(item for unit in units for item in _items(unit, origin))


def unit_findings(subject: Subject) -> tuple[Finding, ...]:
    """What is wrong with the host's units, and what of them this machine cannot do."""
    if subject.machine.platform != "darwin":
        return read_units(subject).findings
    from hubctl.render.launchd import loss_findings

    read = read_units(subject)
    return (*read.findings, *loss_findings(read.units))


def service_text(unit: Unit, origin: str) -> str:
    """The service file of a unit; `origin` is its first line."""
    started = bool(_starter(unit))
    install: Section = {} if started else {"WantedBy": ("default.target",)}
    sections = {"Unit": _unit_section(unit), "Service": _service_section(unit), "Install": install}
    own = _without(unit.sections, "Install") if started else unit.sections
    return _file_text(origin, sections, own)


def timer_text(unit: Unit, origin: str) -> str:
    """The timer file of a unit that has one."""
    sections: dict[str, Section] = {
        "Unit": {"Description": (_literal(unit.description),)},
        "Timer": _timer_section(unit),
        "Install": {"WantedBy": ("timers.target",)},
    }
    return _file_text(origin, sections, _without(unit.sections, "Unit"))


def socket_text(unit: Unit, origin: str) -> str:
    """The socket file of a unit that has one."""
    listen = (f"127.0.0.1:{unit.listen}",) if unit.listen else ()
    sections: dict[str, Section] = {
        "Unit": {"Description": (_literal(unit.description),)},
        "Socket": {"ListenStream": listen},
        "Install": {"WantedBy": ("sockets.target",)},
    }
    return _file_text(origin, sections, _without(unit.sections, "Unit"))


def _items(unit: Unit, origin: str) -> Iterator[Item]:
    yield _file(unit, f"{unit.stem}.service", service_text(unit, origin))
    if unit.has_timer:
        yield _file(unit, f"{unit.stem}.timer", timer_text(unit, origin))
    if unit.has_socket:
        yield _file(unit, f"{unit.stem}.socket", socket_text(unit, origin))
    yield from state_items(unit, f"{unit.stem}.{_starter(unit) or 'service'}", NAME)


def _starter(unit: Unit) -> str:
    """Suffix of what starts the service, "" where it starts by itself."""
    return "timer" if unit.has_timer else "socket" if unit.has_socket else ""


def state_items(unit: Unit, name: str, renderer: str) -> Iterator[Item]:
    """The states of `name`; a oneshot that nothing starts again is not kept active."""
    states = {"enabled": "enabled" if unit.enabled else "disabled"}
    if unit.has_timer or unit.kind != "oneshot":
        states["active"] = "active" if unit.enabled else "inactive"
    for prop, state in states.items():
        yield Item(
            address=Address(target=HOST, path=f"unit:{name}", fragment=prop),
            value=UnitState(state=state),
            scope=Scope.LOCAL,
            renderer=renderer,
            spec=(NAME, unit.key),
        )


def _file(unit: Unit, name: str, text: str) -> Item:
    return Item(
        address=Address(target=HOST, path=f"{FOLDER}/{name}"),
        value=FileText(text=text),
        scope=Scope.LOCAL,
        renderer=NAME,
        spec=(NAME, unit.key),
        sensitive=bool(unit.environment) and name.endswith(".service"),
    )


def _unit_section(unit: Unit) -> Section:
    return {
        "Description": (_literal(unit.description),),
        "Documentation": _joined(_literal(link) for link in unit.documentation),
        # Who switches the socket off means the service too; started by hand, it finds its socket.
        "Requires": _given(f"{unit.stem}.socket" if unit.has_socket else ""),
        "After": _joined(unit.after),
        "Wants": _joined(unit.wants),
    }


def _service_section(unit: Unit) -> Section:
    command = " ".join(_quoted(word.replace("$", "$$")) for word in unit.command)
    return {
        "Type": (unit.kind,),
        "ExecStart": _given(command),
        "WorkingDirectory": _given(_literal(unit.working_directory)),
        "Environment": tuple(_quoted(f"{name}={value}") for name, value in unit.environment),
        "Nice": _given("" if unit.nice is None else str(unit.nice)),
        "MemoryMax": _given(unit.memory_max),
        "CPUQuota": _given(unit.cpu_quota),
        "TimeoutStartSec": _given(unit.timeout),
        "Restart": _given(unit.restart),
    }


def _timer_section(unit: Unit) -> Section:
    return {
        "OnCalendar": tuple(text for text, _ in unit.schedule),
        # The first run comes one span after the timer starts, the others one after each run.
        "OnActiveSec": _given(unit.every),
        "OnUnitActiveSec": _given(unit.every),
        "Persistent": ("true",) if unit.persistent else (),
        "RandomizedDelaySec": _given(unit.randomized_delay),
        "AccuracySec": _given(unit.accuracy),
    }


def _file_text(
    origin: str,
    sections: Mapping[str, Section],
    own: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> str:
    """The file: our keys, each replaced by what the `systemd` map says of it, then its others."""
    blocks = []
    for name, ours in sections.items():
        settings = {**ours, **own.get(name, {})}
        lines = [f"{key}={value}" for key, values in settings.items() for value in values]
        if lines:
            blocks.append("\n".join([f"[{name}]", *lines]) + "\n")
    return f"{origin}\n" + "\n".join(blocks)


def _without(
    sections: Mapping[str, Mapping[str, tuple[str, ...]]], name: str
) -> dict[str, Mapping[str, tuple[str, ...]]]:
    return {key: value for key, value in sections.items() if key != name}


def _given(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _joined(texts: Iterable[str]) -> tuple[str, ...]:
    return _given(" ".join(texts))


def _literal(text: str) -> str:
    """Text in which systemd shall see no specifier."""
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    """One word of a list of words."""
    literal = _literal(word)
    if _PLAIN_WORD.match(literal):
        return literal
    escaped = literal.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
