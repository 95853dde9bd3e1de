"""Which values a schema cannot tell apart, so that a thousand alike are checked once.

Two values with one shape pass or fail together under every part of the schema. Holds for the
keywords in `KNOWN`; a schema with others is refused by a test.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

# Keywords that look at text, and those that never tell two texts apart.
KNOWN = frozenset({
    "$schema", "$id", "$defs", "$ref", "$comment", "title", "description", "default",
    "type", "properties", "additionalProperties", "propertyNames", "required", "minProperties",
    "items", "minItems", "enum", "pattern", "patternErrorMessage", "minLength",
    "minimum", "maximum", "exclusiveMinimum", "if", "then", "else",
})  # fmt: skip


class Shapes:
    """The shapes of values under one schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        parts = list(_parts(schema))
        self._words = {word for part in parts for word in part.get("enum", ())}
        patterns = {part["pattern"] for part in parts if isinstance(part.get("pattern"), str)}
        self._patterns = [re.compile(pattern) for pattern in sorted(patterns)]

    def of(self, value: Any) -> Hashable:
        """The shape of a value."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return tuple((key, self.of(value[key])) for key in sorted(value))
        if isinstance(value, list):
            return frozenset([self.of(element) for element in value])
        return (type(value), value)

    def _text(self, text: str) -> Hashable:
        if not text or text in self._words:
            return text
        return tuple(pattern.search(text) is not None for pattern in self._patterns)


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for member in schema.values():
            yield from _parts(member)
    elif isinstance(schema, list):
        for member in schema:
            yield from _parts(member)
