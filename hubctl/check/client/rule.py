"""The vocabulary of the rules about client settings: what a rule sees, and what it answers.

A rule is one row: an id, a severity, one sentence on what the client does, and a pure function
from a Case to Hits. This module decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from hubctl.documents.hook_groups import handler_id
from hubctl.model.address import element_fragment, join_pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from hubctl.check.client.facts import Version
    from hubctl.model.finding import Severity

Place = Literal["committed", "local", "host"]
"""Which settings file: `.claude/settings.json`, `settings.local.json`, or the account's own."""

KINDS = ("allow", "ask", "deny")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place where a rule applies.

    Attributes:
        at: keys down to the value (for an element: to its list; for a handler: to its event).
        what: what stands there, without any value that could be secret.
        fragment: address fragment where `at` alone does not name the place.
        severity: overrides the rule's own.
    """

    at: tuple[str, ...]
    what: str
    fragment: str = ""
    severity: Severity | None = None

    @property
    def place(self) -> str:
        """The address fragment of the place."""
        return self.fragment or join_pointer(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of a rule table.

    Attributes:
        id: stable id, `settings/…`.
        severity: what a hit weighs unless it says otherwise.
        reason: one sentence, without period: what the client does with such a value.
        find: all hits in a case.
        hint: the edit that resolves it.
    """

    id: str
    severity: Severity
    reason: str
    find: Callable[[Case], Iterable[Hit]]
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """One handler as it stands in settings: an object inside a group inside an event's list."""

    event: str
    matcher: object
    entry: Mapping[str, object]

    @property
    def type(self) -> str:
        """Its handler type; "" where that is no text."""
        return text(self.entry.get("type"))

    def hit(self, what: str, severity: Severity | None = None) -> Hit:
        """A hit on this handler."""
        return Hit(
            at=("hooks", self.event),
            what=f"{self.event}: {what}",
            fragment=f"hook:{self.event}/{handler_id(self.entry)}",
            severity=severity,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What rules look at: one settings file as a value, where it stands, and who reads it."""

    settings: Mapping[str, object]
    place: Place
    client: Version
    _kept: dict[str, tuple[Any, ...]] = field(default_factory=dict, repr=False, compare=False)

    def value(self, first: str, *keys: str) -> object:
        """The value at some keys; None where nothing, or JSON null, stands there."""
        value: object = self.settings.get(first)
        for key in keys:
            if not isinstance(value, dict):
                return None
            value = value.get(key)
        return value

    def groups(self) -> tuple[tuple[str, dict[str, object]], ...]:
        """Every readable matcher group with its event."""
        return self._once("groups", self._groups)

    def handlers(self) -> tuple[Handler, ...]:
        """Every handler that is at least an object."""
        return self._once("handlers", self._handlers)

    def rules(self) -> tuple[tuple[str, str], ...]:
        """Every permission rule that is text, with its kind (allow, ask, deny)."""
        return self._once("rules", self._rules)

    def _once(self, name: str, find: Callable[[], Iterator[Any]]) -> tuple[Any, ...]:
        """What dozens of rules ask for is gathered once."""
        found = self._kept.get(name)
        if found is None:
            found = self._kept[name] = tuple(find())
        return found

    def _groups(self) -> Iterator[tuple[str, dict[str, object]]]:
        for event, groups in members(self.value("hooks")):
            for group in elements(groups):
                if isinstance(group, dict):
                    yield event, group

    def _handlers(self) -> Iterator[Handler]:
        for event, group in self.groups():
            for entry in elements(group.get("hooks")):
                if isinstance(entry, dict):
                    yield Handler(event=event, matcher=group.get("matcher"), entry=entry)

    def _rules(self) -> Iterator[tuple[str, str]]:
        for kind in KINDS:
            for rule in elements(self.value("permissions", kind)):
                if isinstance(rule, str):
                    yield kind, rule

    def texts(self) -> Iterator[tuple[tuple[str, ...], object, str]]:
        """Every string outside of hooks and environment: keys, element of a list or (), text."""
        for key, value in self.settings.items():
            if key not in ("hooks", "env"):
                yield from _strings(value, (key,), ())


def _strings(
    value: object, at: tuple[str, ...], element: object
) -> Iterator[tuple[tuple[str, ...], object, str]]:
    if isinstance(value, str):
        yield at, element, value
    for key, member in members(value):
        yield from _strings(member, (*at, key), ())
    for member in elements(value):
        yield from _strings(member, at, member)


def words_of(value: object) -> Iterator[str]:
    """Every string inside a value."""
    return (found for _, _, found in _strings(value, (), ()))


def hit_at(at: tuple[str, ...], element: object, what: str) -> Hit:
    """A hit at `at`, or at the scalar `element` of the list there."""
    if element is None or isinstance(element, str | bool | int | float):
        return element_hit(at, element, what)
    return Hit(at=at, what=what)


def element_hit(at: tuple[str, ...], value: object, what: str) -> Hit:
    """A hit on the scalar `value` inside the list at `at`."""
    return Hit(at=at, what=what, fragment=element_fragment(at, value))


def event_hit(event: str, what: str, severity: Severity | None = None) -> Hit:
    """A hit on an event as a whole."""
    return Hit(at=("hooks", event), what=f"{event}: {what}", severity=severity)


def members(value: object) -> Iterator[tuple[str, object]]:
    """The members of an object; none of anything else."""
    if isinstance(value, dict):
        yield from value.items()


def elements(value: object) -> Iterator[object]:
    """The elements of a list; none of anything else."""
    if isinstance(value, list | tuple):
        yield from value


def text(value: object) -> str:
    """`value` if it is text, else ""."""
    return value if isinstance(value, str) else ""


def is_number(value: object) -> bool:
    """Whether `value` is a JSON number (a truth value is none)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_above(value: object, limit: int) -> bool:
    """Whether `value` is a number above `limit`."""
    return is_number(value) and value > limit  # type: ignore[operator]


def listed(names: Iterable[str]) -> str:
    """Names in a sentence, sorted."""
    return ", ".join(sorted(names))


def version_text(version: Version) -> str:
    """A version as people write it."""
    return ".".join(str(part) for part in version)
