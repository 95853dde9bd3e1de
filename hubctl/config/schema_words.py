"""What a schema's complaint means for whoever wrote the file.

One function per keyword of JSON Schema turns an error of jsonschema into findings in our words;
jsonschema's own sentences never get out. Where things stand is the caller's to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubctl.config.layers import BODY_KEYS
from hubctl.config.problems import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hubctl.config.places import DocPath

Error = Any  # jsonschema's ValidationError; its own types make each field a union with "unset"

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}
_MOST_LISTED = 14
_YES_NO = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_BODY_HINT = "write it under `defaults:`, in a profile, or in the `overrides:` of a repository"
_OVERRIDES_HINT = "write it under `overrides:` of the repository"
_HOST_KEYS = {
    "mcp": "the client keeps an account's servers itself: `claude mcp add --scope user`",
    "local": "everything of this account is local: write it directly under `global:`",
    "units": "units of this account stand at the top, under `units:`",
    "path": "the host's folders are found, not configured",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One finding before it has a place: `at_key` means the key is wrong, not its value."""

    rule: str
    path: DocPath
    message: str
    expected: str = ""
    hint: str = ""
    at_key: bool = False


def complaints(error: Error) -> Iterator[Complaint]:
    """An error of jsonschema as one or more complaints."""
    path: DocPath = tuple(error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        yield _bad_name(error, path)
        return
    yield from _KEYWORDS.get(str(error.validator), _other)(error, path)


def _name(path: DocPath) -> str:
    """What a message calls the value at `path`."""
    if not path:
        return "the file"
    last = path[-1]
    if isinstance(last, int):
        holder = next((step for step in reversed(path) if isinstance(step, str)), "the list")
        return f"element {last + 1} of `{shown(holder)}`"
    return f"`{shown(last)}`"


def type_of(value: object) -> str:
    """The kind of a value, as messages name it."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a mapping"


def _type(error: Error, path: DocPath) -> Iterator[Complaint]:
    wanted = error.validator_value
    types = [wanted] if isinstance(wanted, str) else list(wanted)
    words = [_TYPES[name] for name in types if name != "null" or len(types) == 1]
    yield Complaint(
        rule="type",
        path=path,
        message=f"{_name(path)} is {type_of(error.instance)}",
        expected=" or ".join(words),
        hint=_type_hint(error.instance, types),
    )


def _type_hint(value: Any, types: list[str]) -> str:
    if isinstance(value, str) and "boolean" in types and value.lower() in _YES_NO:
        return f"write {_YES_NO[value.lower()]}; in YAML 1.2 `{value}` is text"
    if isinstance(value, str) and "array" in types:
        return f"write [{shown(value)}]"
    scalar = isinstance(value, (bool, int, float))
    if scalar and "string" in types:
        written = str(value).lower() if isinstance(value, bool) else str(value)
        return f'put it in quotes: "{shown(written)}"'
    return ""


def _unknown_keys(error: Error, path: DocPath) -> Iterator[Complaint]:
    known = sorted(error.schema.get("properties", {}))
    for key in error.instance:
        if key in known:
            continue
        elsewhere = _misplaced(str(key), path)
        near = "" if elsewhere else nearest(str(key), known)
        few = len(known) <= _MOST_LISTED or not near
        yield Complaint(
            rule="unknown-key",
            path=(*path, key),
            message=f"there is no key `{shown(str(key))}` {_inside(path)}",
            expected=f"one of {', '.join(known)}" if few else f"`{near}`",
            hint=f"did you mean `{near}`?" if near else elsewhere,
            at_key=True,
        )


def _inside(path: DocPath) -> str:
    return f"in {_name(path)}" if path else "at the top of the file"


def _misplaced(key: str, path: DocPath) -> str:
    """Where a key of ours belongs that stands in the wrong section."""
    if path == ("global",):
        return _HOST_KEYS.get(key, "")
    if not path and key in BODY_KEYS:
        return _BODY_HINT
    if len(path) == 2 and path[0] == "repositories" and key in BODY_KEYS:
        return _OVERRIDES_HINT
    return ""


def _enum(error: Error, path: DocPath) -> Iterator[Complaint]:
    words = [str(word) for word in error.validator_value if word not in (None, "")]
    value = error.instance
    if isinstance(value, (dict, list)):
        return  # the type has its own complaint
    near = nearest(value, words) if isinstance(value, str) else ""
    known = words[0] if len(words) == 1 else f"one of {', '.join(words)}"
    yield Complaint(
        rule="value",
        path=path,
        message=f"{_name(path)} is `{shown(str(value))}`",
        expected=known,
        hint=f"did you mean `{near}`?" if near else "",
    )


def _pattern(error: Error, path: DocPath) -> Iterator[Complaint]:
    yield Complaint(
        rule="format",
        path=path,
        message=f"{_name(path)} is `{shown(str(error.instance))}`",
        expected=_expected(error),
    )


def _bad_name(error: Error, path: DocPath) -> Complaint:
    name = str(error.instance)
    return Complaint(
        rule="name",
        path=(*path, name),
        message=f"`{shown(name)}` cannot be a name {_inside(path)}",
        expected=_expected(error),
        at_key=True,
    )


def _expected(error: Error) -> str:
    text = error.schema.get("patternErrorMessage") or error.schema.get("description") or ""
    return str(text).rstrip(".")


def _required(error: Error, path: DocPath) -> Iterator[Complaint]:
    missing = [key for key in error.validator_value if key not in error.instance]
    # jsonschema makes one error for each missing key, all with the same list.
    key = next((key for key in missing if repr(key) in error.message), missing[0])
    about = error.schema.get("properties", {}).get(key, {}).get("description", "")
    yield Complaint(
        rule="missing-key",
        path=path,
        message=f"{_name(path)} has no `{key}`",
        expected=f"`{key}:` {about}".strip().rstrip("."),
        at_key=True,
    )


def _range(error: Error, path: DocPath) -> Iterator[Complaint]:
    rules = error.schema
    low, above = rules.get("minimum"), rules.get("exclusiveMinimum")
    high = rules.get("maximum")
    bounds = [
        f"at least {low}" if low is not None else "",
        f"more than {above}" if above is not None else "",
        f"at most {high}" if high is not None else "",
    ]
    yield Complaint(
        rule="range",
        path=path,
        message=f"{_name(path)} is {error.instance}",
        expected=" and ".join(bound for bound in bounds if bound),
    )


def _empty(error: Error, path: DocPath) -> Iterator[Complaint]:
    yield Complaint(
        rule="empty-value",
        path=path,
        message=f"{_name(path)} is empty",
        expected="a value, or no such key",
    )


def _other(error: Error, path: DocPath) -> Iterator[Complaint]:
    yield Complaint(
        rule="value",
        path=path,
        message=f"{_name(path)} is not what the schema describes",
        expected=_expected(error),
    )


_KEYWORDS: dict[str, Callable[[Any, Any], Iterator[Complaint]]] = {
    "type": _type,
    "additionalProperties": _unknown_keys,
    "enum": _enum,
    "pattern": _pattern,
    "required": _required,
    "minimum": _range,
    "maximum": _range,
    "exclusiveMinimum": _range,
    "minLength": _empty,
    "minItems": _empty,
    "minProperties": _empty,
}
