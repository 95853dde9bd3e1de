"""Exceptions: drifts that canonical.yaml allows, each with a reason and an end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hubctl.model.address import parse_address
from hubctl.model.finding import Finding, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hubctl.fleet.world import World
    from hubctl.model.address import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptions:
    """The exceptions of one hub, seen from one day.

    Attributes:
        allowed: address text → reason, of those still in force.
        ended: index in canonical.yaml, address and last day of those that expired.
    """

    allowed: Mapping[str, str]
    ended: tuple[tuple[int, str, str], ...] = ()

    @staticmethod
    def of(document: Mapping[str, Any], today: str) -> Exceptions:
        """Read the section `exceptions`; `until` is the last day an exception holds."""
        allowed: dict[str, str] = {}
        ended: list[tuple[int, str, str]] = []
        for index, entry in enumerate(document.get("exceptions") or ()):
            until = str(entry.get("until", "9999-12-31"))
            if until < today:
                ended.append((index, entry["address"], until))
            else:
                allowed[entry["address"]] = entry["reason"]
        return Exceptions(allowed=allowed, ended=tuple(ended))

    def reason(self, address: Address) -> str:
        """Why drift at this address is allowed, "" if it is not.

        An exception for a file covers everything in it, one for a target everything there.
        """
        return next((self.allowed[t] for t in covering(address) if t in self.allowed), "")

    def applied(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Findings with those that count only as much as drift does made notes where allowed."""
        return tuple(self._applied(finding) for finding in findings)

    def _applied(self, finding: Finding) -> Finding:
        if finding.exit_code != 1 or not finding.address:
            return finding
        reason = self.reason(parse_address(finding.address))
        if not reason:
            return finding
        message = f"{finding.message}; allowed: {reason}"
        return replace(finding, severity=Severity.NOTE, exit_code=0, message=message)

    def expired(self, locate: Callable[[int], Location]) -> tuple[Finding, ...]:
        """A finding for every exception that ended."""
        return tuple(
            Finding(
                rule="exception/expired",
                severity=Severity.WARNING,
                message=f"the exception for {address} ended on {until}",
                address=address,
                location=locate(index),
                path=f"exceptions[{index}]",
                decided_by=locate(index),
                hint="remove it and repair what differs, or give it a later `until`",
                exit_code=1,
            )
            for index, address, until in self.ended
        )


def covering(address: Address) -> tuple[str, ...]:
    """The addresses, as text, that an exception for this one may have: its own, file, target."""
    return str(address), f"{address.target}:{address.path}", f"{address.target}:."


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """One exception as people list it.

    `state` is `in use` (something differs there), `not needed` (nothing does), `expired`, or
    `unknown` where the target is not on this machine.
    """

    address: str
    reason: str
    until: str
    state: str
    file: str
    line: int


def listed(world: World) -> tuple[Allowed, ...]:
    """All exceptions in file order, each compared with what stands there now."""
    found: list[Allowed] = []
    differing: dict[str, frozenset[str]] = {}
    for index, entry in enumerate(world.compiler.canonical.document.get("exceptions") or ()):
        target = entry["address"].partition(":")[0]
        if target not in differing:
            differing[target] = _differing(world, target)
        place = world.compiler.canonical.location(("exceptions", index))
        found.append(
            Allowed(
                address=entry["address"],
                reason=entry["reason"],
                until=str(entry["until"]),
                state=_state(world, entry, differing[target]),
                file=place.file,
                line=place.line,
            )
        )
    return tuple(found)


def _differing(world: World, target: str) -> frozenset[str]:
    """Addresses, as text, at or in which something differs; `?` where nobody can know."""
    from hubctl.fleet.world import Request

    if target not in world.compiler.head.names or world.compiler.locate(target).target is None:
        return frozenset("?")
    changes = world.plan_one(target, Request()).changes
    return frozenset(text for c in changes for text in covering(c.address))


def _state(world: World, entry: Mapping[str, Any], differing: frozenset[str]) -> str:
    if str(entry["until"]) < world.today:
        return "expired"
    if "?" in differing:
        return "unknown"
    return "in use" if entry["address"] in differing else "not needed"
