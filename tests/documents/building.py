"""What the tests of documents are built from: edits in short form, and texts in random layouts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from hubctl.documents import Edit, Edited, edit_document, read_document
from hubctl.model.address import parse_address
from hubctl.model.item import BlockText, Handler, JsonValue, hash_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.model.address import Address
    from hubctl.model.item import Value
    from hubctl.model.state import Absent

SETTINGS = ".claude/settings.json"
PRE_COMMIT = ".pre-commit-config.yaml"


def address(fragment: str, path: str = SETTINGS) -> Address:
    return parse_address(f"api:{path}#{fragment}")


def put(fragment: str, value: object, path: str = SETTINGS, recorded: str = "") -> Edit:
    """Set a field, an element, a handler or a block; plain values are JSON."""
    known = isinstance(value, (JsonValue, Handler, BlockText))
    wrapped = value if known else JsonValue(value=value)
    return Edit(address=address(fragment, path), value=wrapped, recorded=recorded)


def drop(fragment: str, path: str = SETTINGS, recorded: str = "") -> Edit:
    return Edit(address=address(fragment, path), value=None, recorded=recorded)


def undo(edits: Sequence[Edit]) -> list[Edit]:
    """The edits that take away what `edits` have set, as the ledger would know it."""
    return [
        Edit(address=e.address, value=None, recorded=hash_value(e.value)) for e in edits if e.value
    ]


def command(text: str, matcher: str = "", **more: object) -> Handler:
    return Handler(matcher=matcher, entry={"type": "command", "command": text, **more})


def edit(data: bytes | None, *edits: Edit, containers: dict | None = None) -> Edited:
    return edit_document(edits[0].address.path, data, edits, containers or {})


def value_at(
    data: bytes, fragment: str, path: str = SETTINGS, recorded: str = ""
) -> Value | Absent:
    return read_document(path, data).get(address(fragment, path), recorded)


@dataclass(frozen=True)
class Layout:
    """How a JSON text of a user looks."""

    indent: str
    newline: str
    colon: str
    pad: str
    inner: str
    ascii: bool
    bom: bool
    tail: str
    inline_lists: bool

    def write(self, value: object) -> bytes:
        text = self._text(value, 0) + self.tail.replace("\n", self.newline)
        return (b"\xef\xbb\xbf" if self.bom else b"") + text.encode()

    def _text(self, value: object, depth: int) -> str:
        if isinstance(value, dict):
            parts = [
                json.dumps(k, ensure_ascii=self.ascii) + self.colon + self._text(v, depth + 1)
                for k, v in value.items()
            ]
            return self._join("{}", parts, depth, short=False)
        if isinstance(value, list):
            parts = [self._text(item, depth + 1) for item in value]
            short = self.inline_lists and not any(isinstance(i, (dict, list)) for i in value)
            return self._join("[]", parts, depth, short=short)
        return json.dumps(value, ensure_ascii=self.ascii)

    def _join(self, brackets: str, parts: list[str], depth: int, *, short: bool) -> str:
        if not parts:
            return brackets[0] + self.inner.replace("\n", self.newline) + brackets[1]
        if short or not self.indent:
            return brackets[0] + self.pad + f",{self.pad}".join(parts) + self.pad + brackets[1]
        line = self.newline + self.indent * (depth + 1)
        close = self.newline + self.indent * depth
        return brackets[0] + line + f",{line}".join(parts) + close + brackets[1]


LAYOUTS = st.builds(
    Layout,
    indent=st.sampled_from(["  ", "    ", "\t", " ", ""]),
    newline=st.sampled_from(["\n", "\r\n"]),
    colon=st.sampled_from([": ", ":", " : ", ":\t"]),
    pad=st.sampled_from(["", " "]),
    inner=st.sampled_from(["", " ", "\n", "\n  "]),
    ascii=st.booleans(),
    bom=st.booleans(),
    tail=st.sampled_from(["", "\n", "\n\n", " \n"]),
    inline_lists=st.booleans(),
)

TEXTS = st.text(
    st.one_of(st.sampled_from('a"\\/ {}[]:,#é€😀\u2028\t\n'), st.characters(codec="utf-8")),
    max_size=6,
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 9),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    TEXTS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)
# Few keys, so that edits often meet what stands there.
KEYS = st.sampled_from(["a", "b", "env", "permissions", "allow", "é/~=", ""])
RULES = st.sampled_from(["Bash(ls)", "Read(/etc/**)", "x=y", True, 1, 1.5, None, "é"])
EVENTS = st.sampled_from(["PreToolUse", "Stop"])

_HANDLERS = st.fixed_dictionaries(
    {"type": st.just("command"), "command": st.sampled_from(["mine.sh", "lint", "fmt --all"])},
    optional={"timeout": st.integers(1, 9), "x-unknown": VALUES},
)
_GROUPS = st.one_of(
    st.fixed_dictionaries(
        {"hooks": st.lists(_HANDLERS, max_size=2)},
        optional={"matcher": st.sampled_from(["", "Bash", "Edit|Write"]), "note": TEXTS},
    ),
    SCALARS,
)
_HOOKS = st.dictionaries(EVENTS, st.lists(_GROUPS, max_size=2), max_size=2)
_OBJECTS = st.dictionaries(KEYS, VALUES, max_size=4)


@st.composite
def settings_values(draw: st.DrawFn) -> dict:
    """A settings file of a user: known sections, unknown keys, in any order."""
    value = draw(_OBJECTS)
    if draw(st.booleans()):
        allow = draw(st.lists(st.one_of(RULES, TEXTS), max_size=4))
        value["permissions"] = {**draw(_OBJECTS), "allow": allow}
    if draw(st.booleans()):
        value["hooks"] = draw(_HOOKS)
    keys = draw(st.permutations(list(value)))
    return {key: value[key] for key in keys}
