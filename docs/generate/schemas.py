"""Pages of JSON Schemas: every key with its type, default and description."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generate.markdown import cell, code, listed, table
from hubctl.config.resolve import Resolver

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Schema = dict[str, Any]
Row = tuple[str, str, str, str]
HEAD = ("key", "type", "default", "what it is")
OPTIONAL = ("language", "test_command", "description")  # of the spec: absent where nothing is said
EDITS = {"only", "remove", "add"}


def page(path: Path, introduction: str, top: str) -> str:
    """A page of the schema at a path; `top` is the heading of the document's own keys."""
    schema: Schema = json.loads(path.read_text(encoding="utf-8"))
    return _Page(schema).text(introduction, top)


def spec_page(path: Path, introduction: str) -> str:
    """The page of the resolved spec: what the resolver makes of an entry that says nothing."""
    schema: Schema = json.loads(path.read_text(encoding="utf-8"))
    words = {"name": "Its name.", **_Page(schema).words("repository", "defaults")}
    spec = Resolver({"repositories": {"api": {}}}).spec("api")
    rows = [(code(key), code(json.dumps(spec[key])), words.get(key, "")) for key in spec]
    rows += [(code(key), "", words[key]) for key in OPTIONAL]
    return introduction + table(("key", "where nothing is said", "what it is"), rows)


class _Page:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._defs: dict[str, Schema] = schema.get("$defs", {})

    def text(self, introduction: str, top: str) -> str:
        parts = [introduction, f"\n## {top}\n\n{self._body(self._schema)}"]
        for name, schema in self._defs.items():
            if _has_section(schema):
                text = schema.get("description", "")
                parts.append(f"\n## {name}\n\n{text}\n\n{self._body(schema)}")
        return "".join(parts)

    def words(self, *names: str) -> dict[str, str]:
        """Key → description, of the first of these definitions that has it."""
        found: dict[str, str] = {}
        for name in names:
            for key, schema in self._defs[name]["properties"].items():
                resolved = {**self._resolved(schema), **schema}
                found.setdefault(key, cell(resolved.get("description", "")))
        return found

    def _body(self, schema: Schema) -> str:
        if "oneOf" in schema:
            return "\n".join(self._alternative(one) for one in schema["oneOf"])
        parts = [self._table(schema)] if "properties" in schema else []
        if "then" in schema:
            wanted = listed(schema["if"]["required"])
            parts.append(f"With {wanted}:\n\n{self._table(schema['then'])}")
            parts.append(f"Without:\n\n{self._table(schema['else'])}")
        return "\n".join(parts)

    def _alternative(self, schema: Schema) -> str:
        return f"{schema.get('description', '')}\n\n{self._table(schema)}"

    def _table(self, schema: Schema) -> str:
        return table(HEAD, self._rows(schema, ""))

    def _rows(self, schema: Schema, above: str) -> Iterator[Row]:
        for name, found in schema.get("properties", {}).items():
            path = f"{above}{name}"
            yield self._row(path, found, required=name in schema.get("required", ()))
            yield from self._inside(path, found)
        other = schema.get("additionalProperties")
        if isinstance(other, dict) and above and "$ref" not in other:
            path = f"{above}<name>"
            if other.get("properties", {}).keys() - EDITS:
                yield self._row(path, other, required=False)
            yield from self._inside(path, other)

    def _inside(self, path: str, schema: Schema) -> Iterator[Row]:
        if "$ref" in schema or schema.get("properties", {}).keys() == EDITS:
            return
        yield from self._rows(schema, f"{path}.")
        items = schema.get("items", {})
        if "properties" in items:
            yield from self._rows(items, f"{path}[].")

    def _row(self, path: str, schema: Schema, *, required: bool) -> Row:
        default = code(json.dumps(schema["default"])) if "default" in schema else ""
        resolved = {**self._resolved(schema), **schema}
        if not default and "default" in resolved:
            default = code(json.dumps(resolved["default"]))
        words = cell(resolved.get("description", ""))
        return code(path), self._type(schema), "required" if required else default, words

    def _resolved(self, schema: Schema) -> Schema:
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        return self._defs.get(name, {})

    def _type(self, schema: Schema) -> str:
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name:
            found = self._defs[name]
            return f"[{name}](#{name.lower()})" if _has_section(found) else self._type(found)
        if "const" in schema:
            return code(json.dumps(schema["const"], ensure_ascii=False))
        if "enum" in schema:
            values = [one for one in schema["enum"] if one is not None]
            return listed(
                [one if isinstance(one, str) and one else json.dumps(one) for one in values]
            )
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return _either([self._type(one) for one in schema[key]])
        return self._plain_type(schema)

    def _plain_type(self, schema: Schema) -> str:
        types = schema.get("type", "any")
        names = [types] if isinstance(types, str) else [one for one in types if one != "null"]
        return _either([self._named(one, schema) for one in names])

    def _named(self, name: str, schema: Schema) -> str:
        if name == "array":
            return f"list of {self._type(schema['items'])}" if "items" in schema else "list"
        if name != "object":
            return {"string": "text", "boolean": "true or false"}.get(name, name)
        if schema.get("properties", {}).keys() == EDITS:
            return "an [edit](#editing-what-is-inherited)"
        other = schema.get("additionalProperties")
        if isinstance(other, dict) and not schema.get("properties"):
            return f"map of {self._type(other)}"
        return "map"


def _value(value: object) -> str:
    return value if isinstance(value, str) and value else json.dumps(value)


def _has_section(schema: Schema) -> bool:
    keys = schema.get("properties", {}).keys()
    return bool(keys - EDITS) or "then" in schema or "oneOf" in schema


def _either(words: Sequence[str]) -> str:
    return " or ".join(dict.fromkeys(words))
