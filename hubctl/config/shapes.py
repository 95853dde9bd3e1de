"""Which values a schema cannot tell apart, so that a thousand alike are checked once.

Two values with one shape pass or fail together under every part of the schema. Holds for the
keywords in `KNOWN`; a schema with others is refused by a test.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

T = TypeVar("T")

# `format` is among them because no validator of ours looks at it.
KNOWN = frozenset({
    "$schema", "$id", "$defs", "$ref", "$comment", "title", "description", "default", "examples",
    "type", "properties", "additionalProperties", "propertyNames", "required", "minProperties",
    "items", "minItems", "maxItems", "uniqueItems", "enum", "const", "pattern",
    "patternErrorMessage", "minLength", "format", "minimum", "maximum", "exclusiveMinimum",
    "if", "then", "else", "anyOf", "oneOf", "not",
})  # fmt: skip


class Shapes:
    """The shapes of values under one schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        parts = list(_parts(schema))
        self._words = {word for part in parts for word in part.get("enum", ())}
        self._words |= set(_values(parts, "const", str))
        patterns = set(_values(parts, "pattern", str))
        self._patterns = [re.compile(pattern) for pattern in sorted(patterns)]
        self._longest = max((1, *_values(parts, "minLength", int)))
        self._most = 1 + max(
            (0, *_values(parts, "minItems", int), *_values(parts, "maxItems", int))
        )
        self._counts_once = any(_values(parts, "uniqueItems", bool))

    def of(self, value: Any) -> Hashable:
        """The shape of a value."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return tuple((key, self.of(value[key])) for key in sorted(value))
        if isinstance(value, list):
            kinds = frozenset([self.of(element) for element in value])
            return (min(len(value), self._most), self._once(value), kinds)
        return (type(value), value)

    def _once(self, value: list[Any]) -> Hashable:
        """Whether no element comes twice, where that counts."""
        if not self._counts_once:
            return True
        if all(isinstance(element, str) for element in value):
            return len(set(value)) == len(value)
        return json.dumps(value)  # numbers of two types may be equal: such a list is like no other

    def _text(self, text: str) -> Hashable:
        if not text or text in self._words:
            return text
        fits = (pattern.search(text) is not None for pattern in self._patterns)
        return (min(len(text), self._longest), *fits)


def _values(parts: list[dict[str, Any]], word: str, kind: type[T]) -> Iterator[T]:
    return (part[word] for part in parts if isinstance(part.get(word), kind))


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for member in schema.values():
            yield from _parts(member)
    elif isinstance(schema, list):
        for member in schema:
            yield from _parts(member)
