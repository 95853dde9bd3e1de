"""Frontmatter read for real, within bounds: YAML in, plain values or findings out.

Aliases are refused (they can explode), and so are long or deep texts; dates stay text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.frontmatter import split_markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.model.target import Source

MAX_CHARACTERS = 64 << 10
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontmatter:
    """The frontmatter of one source.

    Attributes:
        present: the file has one at all.
        values: its fields; {} where it is absent or broken.
        lines: field → its line in the file, counted from 1.
        findings: why it cannot be read.
    """

    present: bool = False
    values: Mapping[str, object] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def read_frontmatter(source: Source, broken: Severity) -> Frontmatter:
    """Parse the frontmatter of a source; a broken one is one finding of severity `broken`."""
    front = split_markdown(source.text).front
    if front is None:
        return Frontmatter()
    if len(front) > MAX_CHARACTERS:
        problem = f"is longer than {MAX_CHARACTERS} characters", 1, 1
        return Frontmatter(present=True, findings=(_broken(source, broken, problem),))
    values, lines, found = _parse(front)
    findings = (_broken(source, broken, found),) if found else ()
    return Frontmatter(present=True, values=values, lines=lines, findings=findings)


_Problem = tuple[str, int, int]


def _parse(front: str) -> tuple[dict[str, object], dict[str, int], _Problem | None]:
    """Fields, field → line, and the problem that leaves both empty."""
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        problem = _scan(front)
        node = None if problem else _yaml().compose(front)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 2, mark.column + 1) if mark else (1, 1)
        return {}, {}, (f"is no valid YAML: {error.problem or error.context}", *place)
    except YAMLError as error:
        return {}, {}, (f"is no valid YAML: {str(error).splitlines()[0]}", 1, 1)
    problem = problem or _shape_problem(node)
    if problem or node is None:
        return {}, {}, problem
    lines = {key.value: key.start_mark.line + 2 for key, _ in node.value}
    return {key.value: _plain(value) for key, value in node.value}, lines, None


def _scan(front: str) -> _Problem | None:
    """Refuse what could not be built in bounded time, before anything is built."""
    depth = 0
    for event in _yaml().parse(front):
        kind = type(event).__name__
        if kind == "AliasEvent":
            return ("uses an alias (*name), which hubctl does not read", *_place(event))
        depth += kind in ("MappingStartEvent", "SequenceStartEvent")
        depth -= kind in ("MappingEndEvent", "SequenceEndEvent")
        if depth > MAX_DEPTH:
            return (f"is nested more than {MAX_DEPTH} levels deep", *_place(event))
    return None


def _shape_problem(node: Any) -> _Problem | None:
    if node is None:
        return None
    if node.id != "mapping":
        return ("is no list of fields (key: value)", *_place(node))
    seen: set[str] = set()
    for key, _ in node.value:
        if key.id != "scalar":
            return ("has a field whose name is no text", *_place(key))
        if key.value in seen:
            return (f"has the field {key.value!r} twice", *_place(key))
        seen.add(key.value)
    return None


def _plain(node: Any) -> object:
    """The JSON-like value of a node; what JSON does not know (dates, own tags) stays text."""
    if node.id == "mapping":
        return {str(_plain(key)): _plain(value) for key, value in node.value}
    if node.id == "sequence":
        return [_plain(item) for item in node.value]
    text: str = node.value
    kind = node.tag.rpartition(":")[2]
    if kind == "null" and not text.strip("~nulNUL"):
        return None
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return _number(text, kind)


def _number(text: str, kind: str) -> object:
    try:
        return {"int": int, "float": float}.get(kind, str)(text)
    except ValueError:
        return text


def _yaml() -> Any:
    from ruamel.yaml import YAML

    # The pure parser follows YAML 1.2 as the client does; the C one reads `yes` as true.
    return YAML(typ="safe", pure=True)


def _place(found: Any) -> tuple[int, int]:
    return found.start_mark.line + 2, found.start_mark.column + 1


def _broken(source: Source, severity: Severity, problem: _Problem) -> Finding:
    text, line, column = problem
    return Finding(
        rule="sources/broken-frontmatter",
        severity=severity,
        message=f"the frontmatter {text}",
        location=Location(file=source.shown, line=line, column=column),
        expected="YAML fields between two --- lines",
        hint="quote a text that holds ': ' or begins with a bracket",
        exit_code=1,
    )
