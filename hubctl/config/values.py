"""YAML events become plain values and their places, within bounded time and memory.

Anchors and merges are resolved here; an alias shares its anchor's value, so values are never to be
changed in place. Everything wrong that does not stop the reading is collected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubctl.config.places import Place
from hubctl.config.problems import nearest, problem, shown, warning
from hubctl.config.scalars import TAGS, NotJson, fits_tag, has_leading_zero, plain_value
from hubctl.model.finding import Location

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

    from hubctl.config.problems import More
    from hubctl.model.finding import Finding

MAX_DEPTH = 100
MAX_NODES = 200_000
MAX_FINDINGS = 1000  # beyond, a file is no canonical.yaml at all
_MERGE = object()
_STANDARD = "tag:yaml.org,2002:"
_COLLECTION_TAGS: dict[type, str] = {dict: f"{_STANDARD}map", list: f"{_STANDARD}seq"}


class RefusedError(Exception):
    """The document is not read further; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class _Frame:
    """A collection being read."""

    __slots__ = (
        "anchor",
        "before",
        "children",
        "height",
        "key",
        "key_at",
        "line_column",
        "merges",
        "value",
    )

    def __init__(self, value: Any, at: tuple[int, int], anchor: str | None, before: int) -> None:
        self.value = value
        self.children: Any = {} if isinstance(value, dict) else []
        self.line_column = at
        self.anchor = anchor
        self.before = before
        self.height = 1
        self.key: Any = None
        self.key_at: tuple[int, int] | None = None
        self.merges: list[tuple[dict[str, Any], dict[str, Place]]] = []


class _Anchored:
    """What an anchor names: `size` values, nested in `height` levels; all 0 while it is open."""

    __slots__ = ("children", "height", "size", "value")

    def __init__(self, value: Any, children: Any, size: int, height: int) -> None:
        self.value = value
        self.children = children
        self.size = size
        self.height = height


class Builder:
    """Takes the events of one document; `value`, `place` and `findings` hold the result."""

    def __init__(self, file: str) -> None:
        self.value: Any = None
        self.place: Place | None = None
        self.findings: list[Finding] = []
        self._file = file
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchored] = {}
        self._nodes = 0
        self._documents = 0

    def read(self, events: Iterable[Any]) -> None:
        """Take all events.

        Raises:
            RefusedError: a limit is passed, or a second document begins.
        """
        handlers = {
            "ScalarEvent": self._scalar,
            "AliasEvent": self._alias,
            "MappingStartEvent": self._mapping,
            "SequenceStartEvent": self._sequence,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "DocumentStartEvent": self._document,
        }
        for event in events:
            handler = handlers.get(type(event).__name__)
            if handler:
                handler(event)

    # -- events ---------------------------------------------------------------------------------

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise RefusedError(
                problem(
                    "several-documents",
                    "a second document begins here",
                    self._at(_start(event)),
                    expected="one document",
                    hint="delete the `---` and merge both parts",
                )
            )

    def _scalar(self, event: Any) -> None:
        at = _start(event)
        self._count(1, at)
        frame = self._stack[-1] if self._stack else None
        text = event.value
        plain = not event.style and event.tag is None
        if plain and text == "<<" and frame is not None and _awaits_key(frame):
            self._begin_entry(frame, _MERGE, "<<", at)
            return
        value = self._plain(text, at) if plain else self._tagged(event, at)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(value, None, 1, 0)
        self._put(value, None, at, text)

    def _plain(self, text: str, at: tuple[int, int]) -> Any:
        try:
            value = plain_value(text)
        except NotJson as error:
            self._problem("number", str(error), at, hint="put it in quotes if it is meant as text")
            return text
        if type(value) is int and has_leading_zero(text):
            hint = f'write {value}, or "{text}" if it is meant as text'
            message = f"`{text}` is the number {value} here; older YAML reads it as octal"
            self._add(warning("leading-zero", message, self._at(at), hint=hint))
        return value

    def _tagged(self, event: Any, at: tuple[int, int]) -> Any:
        text, tag = event.value, str(event.tag) if event.tag is not None else "!"
        name = tag.removeprefix(_STANDARD)
        if tag == "!" or name == "str":
            return text
        if name not in TAGS:
            self._unknown_tag(tag, at)
            return text
        value = self._plain(text, at)
        if not fits_tag(value, name):
            self._problem("tag", f"`{shown(text)}` is not what its tag `!!{name}` says", at)
        return value

    def _alias(self, event: Any) -> None:
        at = _start(event)
        anchored = self._anchors.get(event.anchor)
        if anchored is None or not anchored.size:
            self._bad_alias(event.anchor, at, is_open=anchored is not None)
            anchored = _Anchored(None, None, 1, 0)
        self._count(anchored.size, at)
        self._check_depth(len(self._stack) + anchored.height, at)
        self._raise_parent(anchored.height)
        self._put(anchored.value, anchored.children, at, "*" + event.anchor)

    def _mapping(self, event: Any) -> None:
        self._open(event, {})

    def _sequence(self, event: Any) -> None:
        self._open(event, [])

    def _open(self, event: Any, value: Any) -> None:
        at = _start(event)
        self._check_depth(len(self._stack) + 1, at)
        if event.tag is not None and str(event.tag) not in ("!", _COLLECTION_TAGS[type(value)]):
            self._unknown_tag(str(event.tag), at)
        self._stack.append(_Frame(value, at, event.anchor, self._nodes))
        self._count(1, at)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(None, None, 0, 0)

    def _end(self, _event: Any) -> None:
        frame = self._stack.pop()
        for value, children in frame.merges:
            for key in value.keys() - frame.value.keys():
                frame.children[key] = children[key]
            frame.value.update({k: v for k, v in value.items() if k not in frame.value})
        if frame.anchor:
            size = self._nodes - frame.before
            self._anchors[frame.anchor] = _Anchored(frame.value, frame.children, size, frame.height)
        self._raise_parent(frame.height)
        kind = "a mapping" if isinstance(frame.value, dict) else "a list"
        self._put(frame.value, frame.children, frame.line_column, kind)

    # -- putting values into their collection ------------------------------------------------------

    def _put(self, value: Any, children: Any, at: tuple[int, int], text: str) -> None:
        frame = self._stack[-1] if self._stack else None
        if frame is None:
            self.value, self.place = value, Place(*at, *at, children)
        elif isinstance(frame.value, list):
            frame.value.append(value)
            frame.children.append(Place(*at, *at, children))
        elif _awaits_key(frame):
            self._begin_entry(frame, self._key(value, text, at), text, at)
        elif frame.key is _MERGE:
            self._merge(frame, value, children, at)
            frame.key_at = None
        else:
            frame.value[frame.key] = value
            frame.children[frame.key] = Place(*(frame.key_at or at), *at, children)
            frame.key_at = None

    def _begin_entry(self, frame: _Frame, key: Any, text: str, at: tuple[int, int]) -> None:
        first = frame.children.get(key) if isinstance(key, str) else None
        if first is not None or (key is _MERGE and frame.merges):
            line = f" (first in line {first.key_line})" if first else ""
            hint = "write one `<<: [*a, *b]`" if key is _MERGE else "delete one of the two"
            message = f"the key `{shown(text)}` stands twice{line}"
            self._problem("duplicate-key", message, at, hint=hint)
        frame.key, frame.key_at = key, at

    def _key(self, value: Any, text: str, at: tuple[int, int]) -> str:
        if isinstance(value, str):
            return value
        kind = "is no text" if not isinstance(value, (dict, list)) else "cannot be a key"
        hint = f'put it in quotes: "{shown(text)}"' if kind == "is no text" else ""
        message = f"the key `{shown(text)}` {kind}" if text else "a key is missing before `:`"
        self._problem("key", message, at, expected="text as a key", hint=hint if text else "")
        return text

    def _merge(self, frame: _Frame, value: Any, children: Any, at: tuple[int, int]) -> None:
        if isinstance(value, dict):
            frame.merges.append((value, children))
        elif isinstance(value, list) and all(isinstance(item, dict) for item in value):
            pairs = zip(value, children, strict=True)
            frame.merges.extend((item, place.children) for item, place in pairs)
        else:
            expected = "a mapping, or a list of mappings"
            self._problem("merge", "`<<` cannot merge this", at, expected=expected)

    # -- limits and findings -----------------------------------------------------------------------

    def _count(self, nodes: int, at: tuple[int, int]) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            message = f"with its aliases the file has more than {MAX_NODES:,} values"
            raise RefusedError(
                problem(
                    "too-many-values",
                    message,
                    self._at(at),
                    expected=f"at most {MAX_NODES:,} values",
                    hint="aliases of aliases multiply; use profiles with `extends` instead",
                )
            )

    def _check_depth(self, levels: int, at: tuple[int, int]) -> None:
        if levels > MAX_DEPTH:
            message = f"values are nested deeper than {MAX_DEPTH} levels here"
            raise RefusedError(
                problem("too-deep", message, self._at(at), expected=f"at most {MAX_DEPTH} levels")
            )

    def _raise_parent(self, height: int) -> None:
        if self._stack:
            self._stack[-1].height = max(self._stack[-1].height, height + 1)

    def _bad_alias(self, name: str, at: tuple[int, int], *, is_open: bool) -> None:
        if is_open:
            self._problem("alias", f"the alias `*{shown(name)}` contains itself", at)
            return
        near = nearest(name, self._anchors)
        hint = f"did you mean `*{near}`?" if near else "an anchor `&name` stands before its aliases"
        self._problem("alias", f"the alias `*{shown(name)}` has no anchor", at, hint=hint)

    def _unknown_tag(self, tag: str, at: tuple[int, int]) -> None:
        name = tag.replace(_STANDARD, "!!")
        self._problem("tag", f"the tag `{shown(name)}` means nothing here", at, hint="delete it")

    def _problem(self, rule: str, message: str, at: tuple[int, int], **more: Unpack[More]) -> None:
        self._add(problem(rule, message, self._at(at), **more))

    def _add(self, finding: Finding) -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(finding)

    def _at(self, at: tuple[int, int]) -> Location:
        return Location(file=self._file, line=at[0], column=at[1])


def _start(event: Any) -> tuple[int, int]:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


def _awaits_key(frame: _Frame) -> bool:
    return frame.key_at is None and isinstance(frame.value, dict)
