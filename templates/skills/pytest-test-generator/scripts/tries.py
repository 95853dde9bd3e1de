"""Calls worth trying: values by annotation, and those around what the code compares with."""

from __future__ import annotations

import ast
import inspect
import itertools
import types
import typing
from collections.abc import Callable, Iterator

MOST = 400
BY_TYPE: dict[object, list[object]] = {
    bool: [False, True],
    int: [0, 1, -1, 2, 10, 1000],
    float: [0.0, 1.0, -0.5, 2.5, 1e6],
    str: ["", "a", " ", "Ä b", "0", "12", "word word"],
    bytes: [b"", b"a"],
    type(None): [None],
}


def candidates(tree: ast.Module, function: Callable[..., object]) -> Iterator[tuple[object, ...]]:
    """Argument tuples, plain ones first; none where a parameter's type is not known."""
    parameters = [
        one
        for one in inspect.signature(function).parameters.values()
        if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
    ]
    hints = _hints(function)
    compared = _constants(tree, function.__name__)
    pools = [_pool(hints.get(one.name, _guess(one)), compared) for one in parameters]
    if not all(pools):
        return iter(())
    return itertools.islice(_spread(pools), MOST)


def _hints(function: Callable[..., object]) -> dict[str, object]:
    try:
        return typing.get_type_hints(function)
    except (NameError, TypeError, AttributeError):
        return {}


def _guess(parameter: inspect.Parameter) -> object:
    default = parameter.default
    return type(default) if type(default) in BY_TYPE else None


def _pool(hint: object, compared: list[object]) -> list[object]:
    """Values of a type, each once; [] for a type that is not known."""
    values = _values(hint, compared)
    seen: dict[str, object] = {f"{type(value).__name__}{value!r}": value for value in values}
    return list(seen.values())


def _values(hint: object, compared: list[object]) -> list[object]:
    if hint in BY_TYPE:
        fitting = [value for value in compared if type(value) is hint]
        around = [value + step for value in fitting if hint is int for step in (-1, 1)]
        plain = BY_TYPE[hint]
        return [*plain[:2], *fitting, *around, *plain[2:]]
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return [value for one in inner for value in _values(one, compared)]
    if origin is typing.Literal:
        return list(inner)
    if hint in (list, tuple, set, dict) or origin in (list, set, tuple, dict):
        return _collections(hint, origin or hint, inner, compared)
    return []


def _collections(
    hint: object, kind: object, inner: tuple[object, ...], compared: list[object]
) -> list[object]:
    pools = [_values(one, compared)[:4] or [None] for one in inner if one is not ...]
    if kind is dict:
        keys, values = pools if len(pools) == 2 else (["a", "b"], [1, 2])
        return [{}, {keys[0]: values[0]}, dict(zip(keys[:3], itertools.cycle(values)))]
    if kind is tuple and pools and ... not in inner:
        return [tuple(pool[0] for pool in pools), tuple(pool[-1] for pool in pools)]
    pool = pools[0] if pools else [1, 2]
    plain = [[], pool[:1], pool, pool[:2] * 2, pool[::-1]]
    try:
        return [kind(values) for values in plain]  # type: ignore[operator]
    except TypeError:
        return [[]]


def _constants(tree: ast.Module, name: str) -> list[object]:
    """Literals of the function, and of everything else in the file that it names."""
    tops = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    assigned = {
        target.id: node
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    todo, seen, found = [name], set(), []
    while todo:
        one = todo.pop()
        node = tops.get(one) or assigned.get(one)
        if node is None or one in seen:
            continue
        seen.add(one)
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and type(part.value) in (int, float, str):
                found.append(part.value)
            elif isinstance(part, ast.Name):
                todo.append(part.id)
    doc = {ast.get_docstring(node, clean=False) for node in tops.values()}
    return [value for value in found if value not in doc][:40]


def _spread(pools: list[list[object]]) -> Iterator[tuple[object, ...]]:
    """First one argument at a time around each plain call, then every combination."""
    for start in range(2):
        base = [pool[min(start, len(pool) - 1)] for pool in pools]
        for index, pool in enumerate(pools):
            for value in pool:
                yield (*base[:index], value, *base[index + 1 :])
    yield from itertools.product(*pools)
