"""The door to what runs units here: systemd's user manager, or launchd.

Owns the vocabulary both implementations share and the choice between them. Each implementation
is a module of functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from hubctl.errors import UsageError
from hubctl.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStates:
    """Observed states of one unit, in the service manager's own words.

    Attributes:
        enabled: `enabled`, `disabled`, `masked`, `static` …; "" where there is no such unit.
        active: `active`, `inactive`, `failed`, `activating` …; "" where there is no such unit.
    """

    enabled: str
    active: str


class Services(Protocol):
    """What both implementations can do."""

    def missing(self) -> str:
        """Why no unit can be asked or changed here, "" where all is well. Starts no process."""

    def unit_states(self, names: Sequence[str]) -> Mapping[str, UnitStates]:
        """States of all `names`; OperationError where they cannot be known."""

    def set_state(self, name: str, prop: str, state: str) -> None:
        """Bring `enabled` or `active` of one unit to `state`; OperationError where that fails."""

    def daemon_reload(self, names: Sequence[str] = ()) -> None:
        """Let changed files of `names` count."""

    def verify(self, files: Mapping[str, str]) -> tuple[Finding, ...]:
        """What is wrong with unit files, file name → text, before they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostUnits:
    """The units of this account as the engine looks at them and changes them.

    Attributes:
        services: what runs them.
        names: unit names that canonical or the ledger knows (`unit:NAME#…` without the rest).
    """

    services: Services
    names: tuple[str, ...]

    def observed(self) -> dict[str, str]:
        """Local address (`unit:NAME#enabled`) → state; nothing where states cannot be known."""
        if self.services.missing():
            return {}
        return {
            f"unit:{name}#{prop}": getattr(states, prop)
            for name, states in self.services.unit_states(self.names).items()
            for prop in ("enabled", "active")
        }

    def reload(self) -> None:
        """Let changed unit files count, where anything runs them."""
        if not self.services.missing():
            self.services.daemon_reload(self.names)

    def set_state(self, unit: str, prop: str, state: str) -> None:
        """Enable, disable, start or stop a unit."""
        self.services.set_state(unit, prop, state)


def services_of(platform: str) -> Services:
    """The services of `linux` or `darwin`."""
    if platform == "darwin":
        from hubctl.system import launchd

        return launchd
    from hubctl.system import systemd

    return systemd


def missing_finding(services: Services) -> Finding | None:
    """The note that states of units are not looked at, None where they are."""
    reason = services.missing()
    if not reason:
        return None
    return Finding(
        rule="units/no-user-manager",
        severity=Severity.NOTE,
        message=f"{reason}; unit files are written, states are not checked",
        address="host:.",
        hint="log in to a session that has one; on a server, `loginctl enable-linger` starts it",
    )


def wanted_on(prop: str, state: str) -> bool:
    """Whether `state` of `prop` means on; "" is what stood before there was a unit: off.

    Raises:
        UsageError: such a state cannot be brought about.
    """
    on, off = {"enabled": ("enabled", "disabled"), "active": ("active", "inactive")}[prop]
    if state not in (on, off, ""):
        raise UsageError(f"a unit cannot be made {state!r}", hint=f"states: {on}, {off}")
    return state == on
