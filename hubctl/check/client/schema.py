"""The published JSON Schema of client settings as one more rule: old, but broad.

It mirrors an older client than ours, so what it is known to get wrong is a list of rows beside it
(`claude-code-settings.allowed.json`). Messages never quote a value: it may be a secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from hubctl.check.client.facts import NEWER_KEYS
from hubctl.check.client.key_rules import DROPPED
from hubctl.check.client.rule import Case, Handler, Hit, Rule, hit_at, listed
from hubctl.check.client.unreadable_rules import unreadable_severity
from hubctl.config.shapes import Shapes
from hubctl.model.address import join_pointer
from hubctl.model.finding import Severity
from hubctl.model.hashing import canonical_json, hash_json

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

SCHEMA_FILE: Final = "claude-code-settings.schema.json"
ALLOWED_FILE: Final = "claude-code-settings.allowed.json"
MIRRORS: Final = "client 2.1.220"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One thing the schema refuses.

    Attributes:
        at: keys and list positions down to the value, or to the key that is one too many.
        keyword: the schema keyword that refuses it.
        expected: what the keyword asks for, from the schema's side.
        value: the value itself, for the allowance rows; never shown.
    """

    at: tuple[str | int, ...]
    keyword: str
    expected: object
    value: object

    @property
    def pointer(self) -> str:
        """The place as a pointer, list positions as `*`."""
        return join_pointer(tuple("*" if isinstance(key, int) else key for key in self.at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """One known false error: a pointer pattern (`*` is one step), a keyword, a value pattern."""

    at: str
    keyword: str
    value: str
    reason: str

    def covers(self, violation: Violation) -> bool:
        """Whether this row declares `violation` false."""
        steps = "[^/]*".join(re.escape(part) for part in self.at.split("*"))
        return (
            violation.keyword == self.keyword
            and re.fullmatch(steps, violation.pointer) is not None
            and re.search(self.value, canonical_json(violation.value).decode()) is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsSchema:
    """The schema and its allowances; remembers what it found for values it has seen.

    Attributes:
        load: gives the parsed content of a file of `schemas/` by name. Called when first needed.
    """

    load: Callable[[str], Any]
    _loaded: dict[str, Any] = field(default_factory=dict, repr=False)
    _sound: set[Hashable] = field(default_factory=set, repr=False)
    _seen: dict[str, tuple[Violation, ...]] = field(default_factory=dict, repr=False)

    def violations(self, settings: Mapping[str, object]) -> tuple[Violation, ...]:
        """Everything the schema refuses in `settings` except known false errors."""
        return tuple(found for key in settings for found in self._of_member(key, settings[key]))

    def _of_member(self, name: str, value: object) -> tuple[Violation, ...]:
        """The same for one member: the schema says nothing about several members at once.

        A thousand repositories share most of their members, though hardly one whole file, and of
        most others the shape.
        """
        shape = (name, self._shapes().of(value))
        if shape in self._sound:
            return ()
        member = {name: value}
        key = hash_json(member)
        if key not in self._seen:
            errors = tuple(_flat(self._validator().iter_errors(member)))
            if not errors:
                self._sound.add(shape)
                return ()
            rows = self.allowances()
            self._seen[key] = tuple(
                error for error in errors if not any(row.covers(error) for row in rows)
            )
        return self._seen[key]

    def allowances(self) -> tuple[Allowance, ...]:
        """The rows of the list of known false errors."""
        rows = self._file(ALLOWED_FILE)["allowed"]
        return tuple(
            Allowance(
                at=r["at"], keyword=r["keyword"], value=r.get("value", ""), reason=r["reason"]
            )
            for r in rows
        )

    def knows(self, key: str) -> bool:
        """Whether a top-level key is known to the schema, or known to be newer than it."""
        return key in self._file(SCHEMA_FILE)["properties"] or key in NEWER_KEYS

    def _validator(self) -> Any:
        if "validator" not in self._loaded:
            from jsonschema import Draft7Validator

            self._loaded["validator"] = Draft7Validator(self._file(SCHEMA_FILE))
        return self._loaded["validator"]

    def _shapes(self) -> Shapes:
        if "shapes" not in self._loaded:
            self._loaded["shapes"] = Shapes(self._file(SCHEMA_FILE))
        shapes: Shapes = self._loaded["shapes"]
        return shapes

    def _file(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = self.load(name)
        return self._loaded[name]


def schema_hits(case: Case, schema: SettingsSchema) -> Iterator[tuple[Rule, Hit]]:
    """What the schema adds: its violations and unknown top-level keys, each under its rule."""
    for key in case.settings:
        if not schema.knows(key):
            yield UNKNOWN_KEY, Hit(at=(key,), what=key)
    for violation in schema.violations(case.settings):
        rule = _RULE_OF.get(violation.keyword, VALUE)
        what, severity = _worded(violation), _severity(case, violation, rule)
        yield rule, _place(case, violation, what, severity)


def _flat(errors: Iterable[Any]) -> Iterator[Violation]:
    for error in errors:
        if error.validator in ("anyOf", "oneOf") and error.context:
            yield from _flat(_nearest_branch(error))
        elif error.validator == "additionalProperties":
            yield from _extra_keys(error)
        elif error.validator == "required":
            yield from _missing_keys(error)
        else:
            yield _violation(error)


def _nearest_branch(error: Any) -> list[Any]:
    """The errors of the branch that the value comes closest to: right kind first, then fewest."""
    branches: dict[int, list[Any]] = {}
    for sub in error.context:
        branches.setdefault(sub.relative_schema_path[0], []).append(sub)
    return min(branches.values(), key=lambda subs: (any(map(_wrong_kind, subs)), len(subs)))


def _wrong_kind(error: Any) -> bool:
    return error.validator == "const" or (error.validator == "type" and not error.relative_path)


def _extra_keys(error: Any) -> Iterator[Violation]:
    known = error.schema.get("properties", {})
    for name in sorted(error.instance.keys() - known.keys()):
        yield Violation(
            at=(*error.absolute_path, name),
            keyword="additionalProperties",
            expected=sorted(known),
            value=error.instance[name],
        )


def _missing_keys(error: Any) -> Iterator[Violation]:
    for name in error.validator_value:
        if name not in error.instance:
            at = (*error.absolute_path, name)
            yield Violation(at=at, keyword="required", expected=name, value=None)


def _violation(error: Any) -> Violation:
    at, keyword = tuple(error.absolute_path), error.validator
    if "propertyNames" in error.relative_schema_path:
        at, keyword = (*at, error.instance), "propertyNames"
    return Violation(at=at, keyword=keyword, expected=error.validator_value, value=error.instance)


def _worded(violation: Violation) -> str:
    shown = ".".join(key for key in violation.at if isinstance(key, str))
    expected = violation.expected
    match violation.keyword:
        case "type":
            names = [expected] if isinstance(expected, str) else _names(expected)
            return f"{shown} is no {' or '.join(names)}"
        case "required":
            return f"{shown} is missing"
        case "enum":
            return f"{shown} is none of {listed(_names(expected))}"
        case "additionalProperties" | "propertyNames":
            return f"{shown} is no known name"
        case "pattern":
            return f"{shown} has no known form"
        case keyword:
            return f"{shown} does not fit `{keyword}: {canonical_json(expected).decode()[:60]}`"


def _names(value: object) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list | dict) else []


def _severity(case: Case, violation: Violation, rule: Rule) -> Severity:
    first, *rest = violation.at
    if rule is not TYPE and rule is not REQUIRED:
        return Severity.NOTE if violation.keyword == "uniqueItems" else rule.severity
    if first == "hooks" and rest:
        return unreadable_severity(case, str(rest[0]))
    is_rule = first == "permissions" and isinstance(violation.at[-1], int)
    return Severity.WARNING if is_rule else rule.severity


def _place(case: Case, violation: Violation, what: str, severity: Severity) -> Hit:
    """A hit at the handler, the list element or the key where the schema objects."""
    entry = _handler(case, violation)
    if entry is not None:
        event = str(violation.at[1])
        return Handler(event=event, matcher=None, entry=entry).hit(what, severity)
    at, element = _outside_lists(case, violation)
    return replace(hit_at(at, element, what), severity=severity)


def _outside_lists(case: Case, violation: Violation) -> tuple[tuple[str, ...], object]:
    """Keys down to the first list on the way, and the element of it that is meant, if any."""
    value: Any = case.settings
    keys: list[str] = []
    for key in violation.at:
        if isinstance(key, int):
            return tuple(keys), value[key]
        keys.append(key)
        value = value.get(key) if isinstance(value, dict) else None
    return tuple(keys), ()


def _handler(case: Case, violation: Violation) -> dict[str, object] | None:
    """The handler that a violation lies in: `hooks/Event/n/hooks/m/…`."""
    if violation.at[0] != "hooks" or len(violation.at) < 5:
        return None
    value: Any = case.settings
    for key in violation.at[:5]:
        value = value[key]
    return value if isinstance(value, dict) else None


UNKNOWN_KEY: Final = Rule(
    id="settings/unknown-key",
    severity=Severity.NOTE,
    reason="it passes through: the client takes keys it does not know without a word",
    find=lambda case: (),
    hint="check the spelling",
)
TYPE: Final = Rule(
    id="settings/schema-type",
    severity=Severity.ERROR,
    reason=DROPPED,
    find=lambda case: (),
    hint="give it the type that the client expects",
)
REQUIRED: Final = Rule(
    id="settings/schema-required",
    severity=Severity.WARNING,
    reason=DROPPED,
    find=lambda case: (),
    hint="add what is missing",
)
VALUE: Final = Rule(
    id="settings/schema-value",
    severity=Severity.WARNING,
    reason=f"the schema, a mirror of {MIRRORS}, does not know it; a client that does not either "
    "ignores it or drops the whole file",
    find=lambda case: (),
    hint="check the spelling; a newer client may know it",
)
NAME: Final = Rule(
    id="settings/schema-name",
    severity=Severity.NOTE,
    reason="it passes through: the client takes keys it does not know without a word",
    find=lambda case: (),
    hint="check the spelling",
)
RULES: Final = (UNKNOWN_KEY, TYPE, REQUIRED, VALUE, NAME)
_RULE_OF: Final = {
    "type": TYPE,
    "required": REQUIRED,
    "additionalProperties": NAME,
    "propertyNames": NAME,
}
