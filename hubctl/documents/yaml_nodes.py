"""YAML text to nodes that know where they stand, within bounds, and nodes to plain values.

The one place that knows the YAML library. Nothing is ever dumped, and no object is made from a tag.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from hubctl.documents.edits import DocumentError
from hubctl.documents.json_parse import decode_utf8
from hubctl.documents.places import position_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# A composed node of the library; it has id, tag, value, start_mark and end_mark.
Node = Any

MAX_BYTES = 1 << 20
MAX_DEPTH = 100
_MAX_NODES = 20_000
_INDICATORS = "[{-?:"
# Ends of line for some YAML parsers and for no editor, and what no parser accepts.
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\r(?!\n)"
)
_TRUE = frozenset(("true", "yes", "on"))
_FALSE = frozenset(("false", "no", "off"))


def compose(data: bytes) -> tuple[str, Node | None]:
    """The text without byte order mark, and its root node; None where there is no content.

    Raises:
        DocumentError: not UTF-8, not YAML, several documents, too large or too deep.
    """
    if len(data) > MAX_BYTES:
        raise DocumentError(f"the file has more than {MAX_BYTES:,} bytes")
    text = decode_utf8(data)
    refused = _REFUSED.search(text)
    if refused:
        raise wrong(text, refused.start(), f"the character U+{ord(refused[0]):04X} stands here")
    try:
        return text, _compose(text)
    except RecursionError:
        raise DocumentError(f"nested deeper than {MAX_DEPTH} levels") from None


def _compose(text: str, *, pure: bool = False) -> Node | None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLWarning

    try:
        # Each level needs one of these characters; the library's own recursion has no limit.
        if sum(text.count(character) for character in _INDICATORS) > MAX_DEPTH:
            _check_depth(YAML(typ="safe", pure=pure).parse(text))
        return YAML(typ="safe", pure=pure).compose(text)
    except MarkedYAMLError as error:
        # libyaml alone refuses a `:` inside a plain value between brackets: `[--map=a:b]`.
        if not pure and "found unexpected ':'" in str(error.problem):
            return _compose(text, pure=True)
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        what = ", ".join(part for part in (error.context, error.problem) if part)
        raise DocumentError(f"not YAML: {what}", line=line, column=column) from None
    except (YAMLError, YAMLWarning, ValueError, OverflowError) as error:
        first = (str(error).strip() or type(error).__name__).partition("\n")[0]
        raise DocumentError(f"not YAML: {first}") from None


def _check_depth(events: Iterator[Any]) -> None:
    depth = 0
    for event in events:
        kind = type(event).__name__
        depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
        # Stream and document count as levels of their own.
        if depth > MAX_DEPTH + 2:
            mark = event.start_mark
            raise DocumentError(
                f"nested deeper than {MAX_DEPTH} levels", line=mark.line + 1, column=mark.column + 1
            )


def wrong(text: str, offset: int, message: str, hint: str = "") -> DocumentError:
    """An error about the place at a character offset."""
    line, column = position_of(text, offset)
    return DocumentError(message, line=line, column=column, hint=hint)


def members(node: Node | None) -> list[tuple[Node, Node]]:
    """Key and value nodes of a mapping; empty for any other node."""
    return list(node.value) if node is not None and node.id == "mapping" else []


def item_nodes(node: Node | None) -> list[Node]:
    """Nodes of a sequence; empty for any other node."""
    return list(node.value) if node is not None and node.id == "sequence" else []


def is_null(node: Node) -> bool:
    """Whether a node is null, written or left out."""
    return bool(node.id == "scalar" and str(node.tag).endswith(":null"))


def member(node: Node | None, key: str) -> tuple[Node, Node] | None:
    """Key and value node of a mapping's key; of several the last counts, as for the parsers."""
    found = [pair for pair in members(node) if pair[0].id == "scalar" and pair[0].value == key]
    return found[-1] if found else None


def to_value(node: Node) -> object:
    """The JSON value of a node.

    Raises:
        DocumentError: aliases make it larger than 20,000 nodes, too deep, or endless.
    """
    return _value(node, [_MAX_NODES], MAX_DEPTH)


def _value(node: Node, budget: list[int], depth: int) -> object:
    budget[0] -= 1
    if budget[0] < 0 or depth < 0:
        mark = node.start_mark
        message = "aliases make what stands here too large"
        raise DocumentError(message, line=mark.line + 1, column=mark.column + 1)
    if node.id == "mapping":
        pairs = node.value
        return {
            str(_value(key, budget, depth - 1)): _value(item, budget, depth - 1)
            for key, item in pairs
        }
    if node.id == "sequence":
        return [_value(item, budget, depth - 1) for item in node.value]
    return _scalar(str(node.tag).rpartition(":")[2], node.value, plain=not node.style)


def _scalar(kind: str, text: str, *, plain: bool) -> object:
    word = text.lower()
    if plain and word in _TRUE | _FALSE:
        return word in _TRUE  # as pre-commit reads it: YAML 1.1
    if kind == "null":
        return None
    try:
        if kind == "int":
            return int(text.replace("_", ""), 0)
        if kind == "float" and word.strip("+-")[:4] not in (".inf", ".nan"):
            return float(text.replace("_", ""))
    except ValueError:
        return text
    return text


def digest(node: Node, known: dict[int, str]) -> str:
    """A digest of what a node says, whatever its layout; `known` keeps aliases linear."""
    found = known.get(id(node))
    if found is not None:
        return found
    known[id(node)] = "endless"
    if node.id == "scalar":
        parts = [str(node.value)]
    elif node.id == "sequence":
        parts = [digest(item, known) for item in node.value]
    else:
        parts = [digest(part, known) for pair in node.value for part in pair]
    text = "\0".join((node.id, str(node.tag), *parts))
    known[id(node)] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return known[id(node)]
