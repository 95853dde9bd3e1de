"""A hub's own hooks: the row that a module in its folder `hooks/` declares. Read, never run.

Such a module begins with `ROW = {…}`, written as a literal, and has `decide(event, context)`. Its
id is its file name. An own hook goes before one of hubctl's of the same id. Pure.
"""

from __future__ import annotations

import ast
import functools
import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.hashing import hash_json
from hubctl.system.hooks_package import compiled, contract, registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubctl.model.target import Source

ROW = "ROW"
PACKAGE = "hooks_shared"
_DECLARES = re.compile(r"^ROW\b", re.MULTILINE)
_FILE = re.compile(r"[a-z][a-z0-9_-]*\.py")
_NO_OPTIONS = {"type": "object", "properties": {}, "additionalProperties": False}
_DEFAULTS: dict[str, Any] = {
    "tools": [],
    "order": 500,
    "deadline": 2.0,
    "on_error": registry.OPEN,
    "observing": False,
    "options": {},
    "schema": _NO_OPTIONS,
}
_LONGEST = 30  # seconds
KEYS = ("description", "events", *_DEFAULTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHook:
    """One module that declares a row.

    Attributes:
        id: from its file name. shown: its path below the hub.
        row: as a row of the registry; None where it is not usable.
        problem: why not, and `line` where.
        files: names in the release → text: the module, and the siblings it imports.
    """

    id: str
    shown: str
    row: registry.Hook | None = None
    problem: str = ""
    line: int = 1
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Hash of everything it consists of."""
        return hash_json(dict(self.files))

    def finding(self) -> Finding:
        """What is wrong with it."""
        return Finding(
            rule="hooks/own-row",
            severity=Severity.ERROR,
            message=f"{self.shown} is no usable hook: {self.problem}",
            location=Location(file=self.shown, line=self.line),
            expected=f"a literal {ROW} and decide(event, context)",
            hint=f"mend {self.shown}",
            exit_code=2,
        )


def own_package(hub: str) -> str:
    """The part of module names that belongs to a hub; different hubs have different ones."""
    return hub.replace("_", "__").replace("-", "_")


def own_hooks(hub: str, modules: Sequence[Source]) -> dict[str, OwnHook]:
    """Id → own hook, of all modules that declare a row."""
    return _own_hooks(hub, tuple((one.name, one.shown, one.text) for one in modules))


def find_hook(hub: str, modules: Sequence[Source], name: str) -> registry.Hook | None:
    """The row of a usable hook of the hub or of hubctl."""
    own = own_hooks(hub, modules).get(compiled.normal_id(name)) if modules else None
    return own.row if own is not None else registry.find(name)


@functools.lru_cache(maxsize=8)  # a thousand repositories share one hub
def _own_hooks(hub: str, modules: tuple[tuple[str, str, str], ...]) -> dict[str, OwnHook]:
    texts = {name: text for name, _, text in modules}
    found: dict[str, OwnHook] = {}
    for name, shown, text in modules:
        if _DECLARES.search(text):
            one = _read(hub, name, shown, texts)
            found[one.id] = one
    return found


class _UnusableError(Exception):
    """A module that cannot be a hook: why, and on which line."""

    def __init__(self, problem: str, line: int = 1) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


def _read(hub: str, name: str, shown: str, texts: Mapping[str, str]) -> OwnHook:
    known = compiled.normal_id(name)
    try:
        tree = _parsed(texts[name])
        values, line = _literal(tree)
        row = _row(hub, known, name, values, line)
        _check_decide(tree)
        files = dict(_with_siblings(name, texts))
    except _UnusableError as error:
        return OwnHook(id=known, shown=shown, problem=error.problem, line=error.line)
    return OwnHook(id=known, shown=shown, row=row, files=files)


def _parsed(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1) or 1
        raise _UnusableError(f"it is no Python: {error}", line) from None


def _literal(tree: ast.Module) -> tuple[dict[str, Any], int]:
    for node in tree.body:
        named = isinstance(node, ast.Assign) and [
            target.id for target in node.targets if isinstance(target, ast.Name)
        ]
        if isinstance(node, ast.Assign) and named == [ROW]:
            try:
                values = ast.literal_eval(node.value)
            except (ValueError, TypeError, RecursionError):
                raise _UnusableError(f"{ROW} is not written as a literal", node.lineno) from None
            if isinstance(values, dict) and all(isinstance(key, str) for key in values):
                return values, node.lineno
            raise _UnusableError(f"{ROW} is no dict with text keys", node.lineno)
    raise _UnusableError(f"{ROW} is not assigned once at the top level")


def _row(hub: str, known: str, name: str, values: dict[str, Any], line: int) -> registry.Hook:
    if not _FILE.fullmatch(name):
        raise _UnusableError("its file name is not lower-case letters, digits, - and _", line)
    whole = {**_DEFAULTS, **values}
    for problem in _problems(values, whole):
        raise _UnusableError(problem, line)
    module = f"{PACKAGE}.own.{own_package(hub)}.{_stem(name)}"
    return registry.Hook(
        id=known,
        description=whole["description"],
        events=tuple(whole["events"]),
        tools=tuple(whole["tools"]),
        module=module,
        order=whole["order"],
        deadline=float(whole["deadline"]),
        on_error=whole["on_error"],
        observing=whole["observing"],
        options=whole["options"],
        schema=whole["schema"],
    )


def _stem(name: str) -> str:
    return name.removesuffix(".py").replace("-", "_")


def _problems(values: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(values.keys() - set(KEYS)):
        yield f"{ROW} has a key {key!r}; it knows {', '.join(KEYS)}"
    if not isinstance(row.get("description"), str) or not row["description"].strip():
        yield f"{ROW} has no description, one sentence"
    if not _texts(row.get("events")) or not row["events"]:
        yield f"{ROW} has no list of events"
    else:
        for event in row["events"]:
            if event not in contract.EVENTS:
                yield f"the client has no event {event!r}"
    if not _texts(row["tools"]):
        yield "tools is no list of texts"
    elif row["tools"] and not set(row["events"]) <= set(contract.TOOL_EVENTS):
        yield "tools are only for events about tools"
    yield from _number_problems(row)
    yield from _option_problems(row)


def _number_problems(row: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(row["order"], int) or isinstance(row["order"], bool):
        yield "order is no whole number"
    deadline = row["deadline"]
    number = isinstance(deadline, int | float) and not isinstance(deadline, bool)
    if not number or not 0 < deadline <= _LONGEST:
        yield f"deadline is not between 0 and {_LONGEST} seconds"
    if row["on_error"] not in (registry.OPEN, registry.CLOSED):
        yield f"on_error is neither {registry.OPEN} nor {registry.CLOSED}"
    if not isinstance(row["observing"], bool):
        yield "observing is neither True nor False"
    elif row["observing"] and row["on_error"] == registry.CLOSED:
        yield "a hook that only observes cannot be closed"


def _option_problems(row: Mapping[str, Any]) -> Iterator[str]:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    if not isinstance(row["options"], dict) or not isinstance(row["schema"], dict):
        yield "options and schema are dicts"
        return
    try:
        Draft202012Validator.check_schema(row["schema"])
    except SchemaError as error:
        yield f"schema is no JSON Schema: {error.message}"
        return
    unfit = next(Draft202012Validator(row["schema"]).iter_errors(row["options"]), None)
    if unfit is not None:
        yield f"options do not fit their schema: {unfit.message}"


def _texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) and one for one in value)


def _check_decide(tree: ast.Module) -> None:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "decide":
            if len(node.args.args) == 2 and not node.args.kwonlyargs:
                return
            raise _UnusableError("decide takes an event and a context", node.lineno)
    raise _UnusableError("it has no function decide(event, context)")


def _with_siblings(name: str, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The module and, of the hub's own, those it imports relatively; all else has to be known."""
    todo, seen = [name], {name}
    while todo:
        current = todo.pop()
        yield f"{_stem(current)}.py", texts[current]
        for level, module, line in _imports(_parsed(texts[current])):
            top = module.partition(".")[0]
            if level == 0 and top != PACKAGE and top not in sys.stdlib_module_names:
                raise _UnusableError(
                    f"{current} imports {module}: hooks run without packages", line
                )
            if level == 0:
                continue
            sibling = next((other for other in texts if _stem(other) == top), "")
            if level > 1 or not sibling:
                raise _UnusableError(f"{current} imports .{module}, which is not beside it", line)
            if sibling not in seen:
                seen.add(sibling)
                todo.append(sibling)


def _imports(tree: ast.Module) -> Iterator[tuple[int, str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.level, node.module, node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.level, alias.name, node.lineno) for alias in node.names)
