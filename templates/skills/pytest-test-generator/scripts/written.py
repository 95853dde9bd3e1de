"""The text of a test module that pins outcomes."""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Callable

from watched import Outcome

HEAD = '''"""What `{name}` does today, found by running it.

Read every expected value: one that is wrong is a bug found, not a test to keep.
"""
'''
CALL = "{call}({names})"


def module_text(module: str, function: Callable[..., object], kept: list[Outcome]) -> str:
    """A module with one test for results and one for errors, as far as there are any."""
    results = [one for one in kept if one.error is None]
    errors = [one for one in kept if one.error is not None]
    parts = [HEAD.format(name=f"{module}.{function.__qualname__}")]
    parts.append(_imports(module, function, errors))
    if results:
        parts.append(_results(function, results))
    if errors:
        parts.append(_errors(function, errors))
    return "\n".join(parts)


def _imports(module: str, function: Callable[..., object], errors: list[Outcome]) -> str:
    names = {module: {function.__name__}}
    for one in errors:
        kind = type(one.error)
        if not hasattr(builtins, kind.__name__):
            names.setdefault(kind.__module__, set()).add(kind.__name__)
    lines = [f"from {key} import {', '.join(sorted(names[key]))}" for key in sorted(names)]
    standard = ["import asyncio"] if inspect.iscoroutinefunction(function) else []
    standard += ["import re"] if any(str(one.error) for one in errors) else []
    top = "\n".join(standard) + "\n\n" if standard else ""
    return f"{top}import pytest\n\n" + "\n".join(lines) + "\n"


def _results(function: Callable[..., object], outcomes: list[Outcome]) -> str:
    rows = [(*one.arguments, one.result) for one in outcomes]
    check = f"{_called(function, outcomes)} == expected"
    if any(isinstance(one.result, float) for one in outcomes):
        check = f"{_called(function, outcomes)} == pytest.approx(expected)"
    lines = [f"    assert {check}"]
    title = f"test_{function.__name__}_gives"
    return _test(title, [*_names(function, outcomes), "expected"], rows, lines)


def _errors(function: Callable[..., object], outcomes: list[Outcome]) -> str:
    rows = [(*one.arguments, _Bare(type(one.error).__name__), str(one.error)) for one in outcomes]
    with_text = any(str(one.error) for one in outcomes)
    match = ", match=re.escape(message)" if with_text else ""
    lines = [f"    with pytest.raises(error{match}):", f"        {_called(function, outcomes)}"]
    if not with_text:
        rows = [row[:-1] for row in rows]
    names = [*_names(function, outcomes), "error", *(["message"] if with_text else [])]
    return _test(f"test_{function.__name__}_refuses", names, rows, lines)


class _Bare:
    """A name that is written as it is."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


def _test(title: str, names: list[str], rows: list[tuple[object, ...]], lines: list[str]) -> str:
    quoted = ", ".join(f'"{name}"' for name in names)
    cases = "".join(f"        ({_row(row)}),\n" for row in rows)
    head = f"\n@pytest.mark.parametrize(\n    ({quoted},),\n    [\n{cases}    ],\n)\n"
    return f"{head}def {title}({', '.join(names)}):\n" + "\n".join(lines) + "\n"


def _row(row: tuple[object, ...]) -> str:
    return ", ".join(map(repr, row)) + ("," if len(row) == 1 else "")


def _names(function: Callable[..., object], outcomes: list[Outcome]) -> list[str]:
    """Parameter names for as many arguments as the calls have, apart from those of the test."""
    count = max(len(one.arguments) for one in outcomes)
    known = [*inspect.signature(function).parameters][:count]
    known += [f"value_{number}" for number in range(len(known), count)]
    taken = ("expected", "error", "message", "request", function.__name__)
    return [f"{name}_" if name in taken else name for name in known]


def _called(function: Callable[..., object], outcomes: list[Outcome]) -> str:
    call = CALL.format(call=function.__name__, names=", ".join(_names(function, outcomes)))
    return f"asyncio.run({call})" if inspect.iscoroutinefunction(function) else call
