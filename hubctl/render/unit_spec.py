"""Units of the host's spec as values both service managers can be given.

Owns what a unit may say and which name its files carry; the findings it returns name every
reason why a unit is not rendered. Pure.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.errors import UsageError
from hubctl.model.address import TARGET_NAME
from hubctl.model.calendar import parse_calendar
from hubctl.model.unit_values import parse_memory, parse_quota, parse_timespan
from hubctl.render.spec import map_at, text_at
from hubctl.render.unit_command import at_home, locate_program, split_command
from hubctl.render.unit_fields import FORBIDDEN, Fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.model.calendar import Calendar
    from hubctl.model.finding import Finding
    from hubctl.model.target import Subject

SECTIONS = ("Unit", "Service", "Timer", "Socket", "Install")
TYPES = ("oneshot", "simple")
RESTARTS = (
    "no", "on-failure", "on-abnormal", "on-abort", "on-watchdog", "on-success", "always"
)  # fmt: skip
_NOT_FOR_ONESHOT = ("on-success", "always")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
_OTHER_UNIT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_@.:-]*\.[a-z]+\Z")
_LINK = re.compile(r"(?:https?|file|info|man):[^\s\\]+\Z")
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit, checked; "", () and None mean not given.

    Attributes:
        key: its name in the spec; path: where canonical.yaml says what it is.
        stem: name of its files without suffix, and launchd's label.
        command: words; the first is a path or a bare name.
        schedule: calendar expressions as written, with their meaning.
        listen: port of this machine that starts it, 0 for none.
        every, randomized_delay, accuracy, timeout: time spans as written.
        environment: names and values, sorted. working_directory: "" for the home folder.
        kind: systemd's service type. after, wants: full names of other units.
        sections: the `systemd` map, section → key → values.
    """

    key: str
    path: str
    stem: str
    description: str
    command: tuple[str, ...]
    schedule: tuple[tuple[str, Calendar], ...] = ()
    listen: int = 0
    every: str = ""
    randomized_delay: str = ""
    accuracy: str = ""
    persistent: bool = False
    memory_max: str = ""
    cpu_quota: str = ""
    nice: int | None = None
    timeout: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    working_directory: str = ""
    kind: str = "oneshot"
    restart: str = ""
    after: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    documentation: tuple[str, ...] = ()
    enabled: bool = True
    sections: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def has_timer(self) -> bool:
        """Whether something starts it at given times."""
        own = any(key.startswith("On") for key in self.sections.get("Timer", {}))
        return bool(self.schedule or self.every or own)

    @property
    def has_socket(self) -> bool:
        """Whether a connection starts it, which finds a socket that systemd listens at."""
        own = any(key.startswith("Listen") for key in self.sections.get("Socket", {}))
        return bool(self.listen or own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """All units of a host that can be rendered, sorted by stem, and what is wrong with others."""

    units: tuple[Unit, ...]
    findings: tuple[Finding, ...]


def read_units(subject: Subject) -> Units:
    """The units of a host; none for any other target."""
    specs = map_at(subject.spec, "units") if subject.target.is_host else {}
    names = {
        key: Name(subject.hub, key, text_at(map_at(specs, key), "repository"))
        for key, spec in specs.items()
        if spec is not None
    }
    readers = [_Reader(subject, name, map_at(specs, key), names) for key, name in names.items()]
    _refuse_twins(readers)
    units = [unit for reader in readers if (unit := reader.read()) is not None]
    return Units(
        units=tuple(sorted(units, key=lambda unit: unit.stem)),
        findings=tuple(finding for reader in readers for finding in reader.fields.findings),
    )


class Name:
    """What one unit is called: in the spec, by people, in canonical.yaml and on disk.

    The spec's key of a repository's unit is `repository/name`.
    """

    def __init__(self, hub: str, key: str, repository: str) -> None:
        self.key = key
        self.repository = repository
        self.own = key.removeprefix(f"{repository}/") if repository else key
        self.stem = "-".join(part for part in ("hubctl", hub, repository, self.own) if part)
        self.is_valid = bool(
            _NAME.match(self.own)
            and TARGET_NAME.match(hub)
            and (not repository or TARGET_NAME.match(repository))
            and len(self.stem) <= _LONGEST_NAME
        )

    @property
    def path(self) -> str:
        """Where canonical.yaml says what it is."""
        place = f"repositories.{self.repository}." if self.repository else ""
        return shown(f"{place}units.{self.own}")


def _refuse_twins(readers: list[_Reader]) -> None:
    """Two units whose files would have one name (some disks do not tell case apart)."""
    first: dict[str, _Reader] = {}
    for reader in readers:
        other = first.setdefault(reader.name.stem.lower(), reader)
        if other is not reader:
            reader.fields.refuse(
                "", f"its files would be those of {other.name.path}", "rename one of the two"
            )


class _Reader:
    """One unit on its way from the spec to a value."""

    def __init__(
        self, subject: Subject, name: Name, spec: Mapping[str, object], names: Mapping[str, Name]
    ) -> None:
        self.name = name
        self.fields = Fields(spec, path=name.path, address=shown(f"host:unit:{name.stem}"))
        self._names = names
        self._hub = subject.hub
        self._machine = subject.machine

    def read(self) -> Unit | None:
        """The unit, None where it may not be rendered."""
        if not self.name.is_valid:
            self.fields.refuse(
                "",
                "a unit's name has letters, digits, '-' and '_' only, and not too many",
                "rename it in canonical.yaml",
            )
        if self.name.repository and not self.fields.text("directory"):
            self.fields.tell(
                "", f"not rendered: {self.name.repository} has no path on this machine"
            )
        if self.fields.findings:
            return None
        unit = self._unit()
        self._check_service(unit)
        self._note_idle_fields(unit)
        return None if any(f.exit_code for f in self.fields.findings) else unit

    def _unit(self) -> Unit:
        fields = self.fields
        directory = self._directory()
        return Unit(
            key=self.name.key,
            path=self.name.path,
            stem=self.name.stem,
            description=fields.text("description", _unbroken) or self._description(),
            command=self._command(directory),
            schedule=self._schedule(),
            listen=fields.number("listen", 1, 65535) or 0,
            every=fields.text("every", _interval),
            randomized_delay=fields.text("randomized_delay", parse_timespan),
            accuracy=fields.text("accuracy", parse_timespan),
            persistent=fields.flag("persistent", default=False),
            memory_max=fields.text("memory_max", parse_memory),
            cpu_quota=fields.text("cpu_quota", parse_quota),
            nice=fields.number("nice", -20, 19),
            timeout=fields.text("timeout", _timeout),
            environment=self._environment(),
            working_directory=directory,
            kind=fields.choice("type", TYPES, TYPES[0]),
            restart=fields.choice("restart", RESTARTS, "") if fields.text("restart") else "",
            after=self._others("after"),
            wants=self._others("wants"),
            documentation=self._documentation(),
            enabled=fields.flag("enabled", default=True),
            sections=fields.sections(SECTIONS),
        )

    def _description(self) -> str:
        of = f" of {self.name.repository}" if self.name.repository else ""
        return f"{self.name.own}{of} (hub {self._hub})"

    def _directory(self) -> str:
        fields = self.fields
        own = at_home(fields.text("working_directory", _unbroken), self._machine.home)
        base = at_home(fields.text("directory", _unbroken), self._machine.home)
        directory = posixpath.join(base, own).rstrip("/") or own or base
        if directory and not directory.startswith("/"):
            key = "working_directory" if own else "directory"
            fields.refuse(key, "a unit's folder is an absolute path, or one that begins with ~/")
        return posixpath.normpath(directory) if directory else ""

    def _command(self, directory: str) -> tuple[str, ...]:
        words = self._words()
        if not words or not words[0]:
            if not self.fields.findings and not self._has_own_command():
                self.fields.refuse("command", "a unit needs a command")
            return ()
        home = self._machine.home
        program, *rest = (at_home(word, home) for word in words)
        if program == "hubctl":
            return (*self._hubctl(), *rest)
        try:
            return (locate_program(program, directory=directory or home), *rest)
        except UsageError as error:
            self.fields.refuse("command", error.message, error.hint)
            return ()

    def _hubctl(self) -> tuple[str, ...]:
        """This program, on this hub: a unit starts in a folder that leads to none."""
        hub = self._machine.hub_dir
        return (self._machine.hubctl, *(("--hub", hub) if hub else ()))

    def _words(self) -> tuple[str, ...]:
        value = self.fields.values.get("command")
        if not isinstance(value, str):
            words = value if isinstance(value, (list, tuple)) else ()
            return tuple(self.fields.line("command", word) for word in words)
        try:
            return split_command(self.fields.line("command", value))
        except UsageError as error:
            self.fields.refuse("command", error.message, error.hint)
            return ()

    def _has_own_command(self) -> bool:
        service = map_at(map_at(self.fields.values, "systemd"), "Service")
        return bool(service.get("ExecStart"))

    def _schedule(self) -> tuple[tuple[str, Calendar], ...]:
        found = []
        for text in self.fields.texts("schedule"):
            try:
                found.append((text, parse_calendar(text)))
            except UsageError as error:
                self.fields.refuse("schedule", error.message, error.hint)
        return tuple(found)

    def _environment(self) -> tuple[tuple[str, str], ...]:
        home = self._machine.home
        return tuple((name, at_home(value, home)) for name, value in self.fields.environment())

    def _documentation(self) -> tuple[str, ...]:
        links = self.fields.texts("documentation")
        for link in links:
            if not _LINK.match(link):
                self.fields.refuse("documentation", f"{link!r} is no link such as https://…")
        return links

    def _others(self, key: str) -> tuple[str, ...]:
        found = []
        for text in self.fields.texts(key):
            name = self._sibling(text) or (text if _OTHER_UNIT.match(text) else "")
            if name:
                found.append(name)
            else:
                self.fields.refuse(
                    key,
                    f"there is no unit {text!r}",
                    "name a unit of canonical.yaml, or one of systemd with its suffix",
                )
        return tuple(found)

    def _sibling(self, text: str) -> str:
        """File name of the service that a unit of this hub becomes; its own repository's first."""
        for repository in (self.name.repository, ""):
            for name in self._names.values():
                if (name.repository, name.own) == (repository, text):
                    return f"{name.stem}.service"
        return f"{self._names[text].stem}.service" if text in self._names else ""

    def _check_service(self, unit: Unit) -> None:
        if unit.kind == "oneshot" and unit.restart in _NOT_FOR_ONESHOT:
            self.fields.refuse(
                "restart",
                f"restart {unit.restart} is for type simple: a oneshot that succeeds has ended",
                "write on-failure, or type: simple",
            )

        if unit.has_socket and unit.kind == "oneshot":
            self.fields.refuse(
                "listen",
                "a oneshot has ended before anybody could talk to it",
                "write type: simple",
            )
        if unit.has_socket and unit.has_timer:
            self.fields.refuse("listen", "a unit is started by the clock or by a connection")

    def _note_idle_fields(self, unit: Unit) -> None:
        for key, used in (
            ("randomized_delay", unit.has_timer),
            ("accuracy", unit.has_timer),
            ("persistent", bool(unit.schedule) or (unit.has_timer and not unit.every)),
        ):
            if getattr(unit, key) and not used:
                needed = "schedule" if key == "persistent" else "schedule or every"
                self.fields.tell(key, f"{key} has no effect without {needed}")


def shown(text: str) -> str:
    """Untrusted text as findings may carry it."""
    return FORBIDDEN.sub("\ufffd", text)


def _interval(text: str) -> None:
    if not parse_timespan(text):
        raise UsageError(f"a unit cannot run every {text}")


def _timeout(text: str) -> None:
    if text != "infinity":
        parse_timespan(text)


def _unbroken(text: str) -> None:
    if text.endswith("\\") or text != text.strip():
        raise UsageError("spaces around it would be lost, and a backslash at its end joins lines")
