"""A function loaded from its file, called, and watched: result or error, and the lines it ran."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import copy
import importlib
import inspect
import io
import math
import signal
import sys
import threading
from collections.abc import Callable, Sized
from dataclasses import dataclass, field
from pathlib import Path

SECONDS = 2


@dataclass
class Outcome:
    """One call: its arguments, what came of it, and why that cannot be pinned ("" where it can)."""

    arguments: tuple[object, ...]
    result: object = None
    error: BaseException | None = None
    lines: set[int] = field(default_factory=set)
    problem: str = ""

    @property
    def usable(self) -> bool:
        return not self.problem


class TooLongError(Exception):
    """The call did not end in time."""


def load(file: Path, name: str) -> tuple[str, Callable[..., object]]:
    """The module's dotted name, and the function; the project's folders go to sys.path."""
    root = file.parent
    while (root / "__init__.py").exists():
        root = root.parent
    sys.path[:0] = [str(root)]
    sys.dont_write_bytecode = True
    module = ".".join(file.relative_to(root).with_suffix("").parts)
    found: object = importlib.import_module(module)
    if getattr(found, "__file__", None) != str(file):
        raise SystemExit(f"`import {module}` leads to {getattr(found, '__file__', 'elsewhere')}")
    try:
        for part in name.split("."):
            found = getattr(found, part)
    except AttributeError as error:
        raise SystemExit(f"{file}: {error}") from error
    if not inspect.isfunction(found):
        raise SystemExit(f"{name} is no function of its own; a method needs a test by hand")
    return module, found


def watch(function: Callable[..., object], arguments: tuple[object, ...]) -> Outcome:
    """Call it twice: the second time tells whether it always answers so."""
    first = _call(function, arguments)
    if first.usable:
        again = _call(function, arguments)
        if _ending(first) != _ending(again):
            first.problem = "it gives another result each time"
    return first


def _call(function: Callable[..., object], arguments: tuple[object, ...]) -> Outcome:
    outcome = Outcome(arguments)
    given = copy.deepcopy(arguments)
    with _limited(), _traced(function.__code__.co_filename, outcome.lines):
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                result = function(*given)
                if inspect.iscoroutine(result):
                    result = asyncio.run(result)
            outcome.result = result
        except TooLongError:
            outcome.problem = f"it took more than {SECONDS} s"
        except Exception as error:
            outcome.error = error
    if outcome.usable and outcome.error is None:
        outcome.problem = _not_literal(outcome.result)
    if isinstance(outcome.error, TypeError) and not outcome.lines:
        outcome.problem = str(outcome.error)
    return outcome


@contextlib.contextmanager
def _limited():
    def stop(_signal, _frame):
        raise TooLongError

    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _traced(file: str, lines: set[int]):
    def trace(frame, event, _argument):
        if frame.f_code.co_filename != file:
            return None
        if event == "line":
            lines.add(frame.f_lineno)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


def _not_literal(value: object) -> str:
    """Why a result cannot be written into a test."""
    if isinstance(value, float) and not math.isfinite(value):
        return "its result is no finite number"
    try:
        same = ast.literal_eval(repr(value)) == value
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        same = False
    if not same:
        return f"its result, {type(value).__name__}, is no literal: compare its parts by hand"
    return "" if len(repr(value)) <= 500 else "its result is too long to read"


def _ending(one: Outcome) -> tuple[str, str]:
    if one.error is not None:
        return type(one.error).__qualname__, str(one.error)
    return "", repr(one.result)


def minimal(outcomes: list[Outcome], *, first: int, most: int) -> list[Outcome]:
    """The asked-for calls, and of each way through the code its smallest, largest and first one.

    Smallest and largest are where a comparison turns: a wrong sign there makes a test fail.
    """
    ways: dict[str, list[Outcome]] = {}
    for one in outcomes[first:]:
        if one.usable:
            kinds = [type(value).__name__ for value in one.arguments]
            ways.setdefault(f"{sorted(one.lines)} {type(one.error)} {kinds}", []).append(one)
    ends = [[min(way, key=_size), max(way, key=_size), way[0]] for way in ways.values()]
    in_turns = [way[turn] for turn in range(3) for way in ends]
    unique = {repr(one.arguments): one for one in (*outcomes[:first], *in_turns)}
    return sorted([*unique.values()][: max(most, first)], key=outcomes.index)


def _size(one: Outcome) -> float:
    """How large the arguments of a call are, taken together."""
    sizes = [value if isinstance(value, int | float) else _length(value) for value in one.arguments]
    return sum(sizes)


def _length(value: object) -> int:
    return len(value) if isinstance(value, Sized) else 0
