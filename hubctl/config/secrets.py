"""Secrets where none may stand: finding them, masking values, and which values are masked.

Takes texts and values, gives findings that never contain what was found. detect-secrets judges in
this process, without a network, and is imported only where a cheap look has seen a shape it knows.
A line with `pragma: allowlist secret` is left alone, as detect-secrets does.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple
from warnings import catch_warnings, simplefilter

from hubctl.config.places import path_text
from hubctl.config.secret_shapes import SHAPES, Shape
from hubctl.config.secret_words import (
    is_harmless,
    is_password_key,
    is_placeholder,
    is_secret_key,
    looks_chosen,
    looks_random,
    words_of,
)
from hubctl.model.finding import Finding, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALLOWED = "pragma: allowlist secret"
_WINDOW, _OVERLAP = 4096, 1024
_GENERIC_TRIGGERS = ("token", "secret", "pass", "pwd", "credential", "key", "auth")
# `key: value`, `KEY=value`, `"key": "value"`, `--key value`, and `Authorization: Bearer value`.
_ASSIGNED = re.compile(
    r"""(?P<flag>--)?\b(?P<key>[A-Za-z][\w.-]{0,80})["']?"""
    r"""(?:[ \t]{0,20}(?::=|=>|=|:(?!//))[ \t]{0,20}|(?(flag)[ \t]{1,20}|(?!)))"""
    r"""(?:(?P<scheme>["']?(?:Bearer|Basic|token)[ \t]+))?"""
    r"""(?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"',;}\])]+)"""
)
_SCHEME = re.compile(r"\A(?:Bearer|Basic|token)\s+", re.IGNORECASE)
_SENSITIVE_PARENTS = frozenset(("env", "environment", "headers"))
_HELPERS = frozenset(("awsauthrefresh", "awscredentialexport", "gcpauthrefresh"))
# Below these a key is a name that somebody chose and says nothing.
_NAMED = frozenset(("repositories", "profiles", "units", "mcp", "mcpServers"))
_HINT = (
    "write a reference such as ${NAME} that the client or the shell resolves, and revoke the "
    f"secret if it was ever shared; mark a false alarm with `# {_ALLOWED}`"
)


class _Hit(NamedTuple):
    start: int
    end: int
    kind: str
    label: str


def scan_text(text: str, *, file: str) -> tuple[Finding, ...]:
    """An error with exit code 2 for every secret in a text, in order; `file` names it."""
    findings = []
    for number, line in _candidate_lines(text):
        for hit in _scan_line(line):
            location = Location(file=file, line=number, column=hit.start + 1)
            findings.append(_finding(hit, location, ""))
    return tuple(findings)


def scan_value(
    path: tuple[str | int, ...], value: object, *, file: str = ""
) -> tuple[Finding, ...]:
    """An error for every text inside a JSON value that is or holds a secret.

    `path` is where the value stands in its document; `file`, if given, names the document.
    """
    location = Location(file=file) if file else None
    found = []
    for where, text in _texts(path, value):
        key = next((step for step in reversed(where) if isinstance(step, str)), "")
        hits = [hit for _, line in _candidate_lines(text) for hit in _scan_line(line)]
        if not hits and _is_secret_of(key, text):
            hits = [_Hit(0, len(text), *_generic(key))]
        found += [_finding(hit, location, path_text(where)) for hit in hits]
    return tuple(found)


def mask(text: str) -> str:
    """What is shown instead of a sensitive value."""
    unit = "character" if len(text) == 1 else "characters"
    return f"‹hidden, {len(text)} {unit}›"


@lru_cache(maxsize=4096)  # most targets of a fleet have the same keys
def is_sensitive(path: tuple[str, ...]) -> bool:
    """Whether the value at this path of a document is shown masked wherever it is shown.

    So are values under `env` and `headers`, programs that print credentials (`apiKeyHelper` …),
    and keys that hold a token, secret, password or key.
    """
    keys = [key for above, key in zip(("", *path), path, strict=False) if above not in _NAMED]
    if _SENSITIVE_PARENTS & set(keys):
        return True
    return any(_is_sensitive_key(key) for key in keys)


def _is_sensitive_key(key: str) -> bool:
    return is_secret_key(key) or words_of(key)[-1:] == ("helper",) or key.lower() in _HELPERS


# -- the cheap look ------------------------------------------------------------------------------


def _candidate_lines(text: str) -> Iterator[tuple[int, str]]:
    """Numbers and texts of the lines that have a trigger, or a shape without one."""
    lowered = _lowered(text)
    starts: set[int] = set()
    for trigger in _triggers():
        at = lowered.find(trigger)
        while at >= 0:
            starts.add(lowered.rfind("\n", 0, at) + 1)
            end = lowered.find("\n", at)
            at = lowered.find(trigger, end) if end >= 0 else -1
    for shape in SHAPES:
        if not shape.triggers:
            found = shape.pattern.finditer(text)
            starts.update(text.rfind("\n", 0, match.start()) + 1 for match in found)
    number, counted = 1, 0
    for start in sorted(starts):
        number += text.count("\n", counted, start)
        counted = start
        end = text.find("\n", start)
        yield number, text[start : end if end >= 0 else len(text)]


def _lowered(text: str) -> str:
    """With small letters for ASCII capitals only, so that every offset stays."""
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


@cache
def _triggers() -> tuple[str, ...]:
    return tuple(sorted({t for shape in SHAPES for t in shape.triggers}.union(_GENERIC_TRIGGERS)))


@cache
def _by_trigger() -> dict[str, tuple[int, ...]]:
    """Trigger → the rows that it wakes; "" stands in every line."""
    return {
        trigger: tuple(n for n, shape in enumerate(SHAPES) if trigger in (shape.triggers or ("",)))
        for trigger in ("", *_triggers())
    }


def _seen(line: str, lowered: str) -> list[Shape]:
    """The shapes that a line seems to have."""
    rows = {n for trigger, woken in _by_trigger().items() if trigger in lowered for n in woken}
    return [SHAPES[n] for n in sorted(rows) if SHAPES[n].pattern.search(line)]


# -- judging a line ------------------------------------------------------------------------------


def _scan_line(line: str) -> list[_Hit]:
    if _ALLOWED in line:
        return []
    hits: list[_Hit] = []
    for offset in range(0, max(len(line) - _OVERLAP, 1), _WINDOW - _OVERLAP):
        for hit in _judge(line[offset : offset + _WINDOW]):
            moved = hit._replace(start=hit.start + offset, end=hit.end + offset)
            if not any(moved.start < other.end and other.start < moved.end for other in hits):
                hits.append(moved)
    return sorted(hits)


def _judge(line: str) -> Iterator[_Hit]:
    lowered = _lowered(line)
    for shape in _seen(line, lowered):
        yield from _asked(shape, line) if shape.plugin else _matched(shape, line)
    if any(trigger in lowered for trigger in _GENERIC_TRIGGERS):
        yield from _assigned(line)


def _matched(shape: Shape, line: str) -> Iterator[_Hit]:
    for match in shape.pattern.finditer(line):
        start, end = match.span(match.lastindex or 0)
        if not is_placeholder(line[start:end]):
            yield _Hit(start, end, shape.kind, shape.label)


def _asked(shape: Shape, line: str) -> Iterator[_Hit]:
    found = {secret.strip(" \"'=:") for secret in _plugin(shape.plugin).analyze_string(line)}
    for secret in sorted(found):
        start = line.find(secret)
        chosen = shape.plugin.startswith("basic_auth") and not is_harmless(secret)
        random = looks_random(secret) and not is_harmless(secret)
        if (chosen or random) if shape.weak else not is_placeholder(secret):
            begin = max(start, 0)
            whole = shape.pattern.match(line, begin)  # some plugins name the prefix alone
            end = max(begin + len(secret), whole.end() if whole else 0)
            yield _Hit(begin, end, shape.kind, shape.label)


@cache
def _plugin(name: str) -> Any:
    module, _, cls = name.partition(":")
    with catch_warnings():
        # It imports an HTTP client that warns about the versions of what it finds installed.
        simplefilter("ignore")
        from detect_secrets import plugins

        return getattr(import_module(f"{plugins.__name__}.{module}"), cls)()


def _assigned(line: str) -> Iterator[_Hit]:
    at = 0
    while match := _ASSIGNED.search(line, at):
        value = match["value"]
        start, at = match.span("value")
        if value[:1] in ("'", '"'):
            value, start = value[1:-1], start + 1
        if _is_secret_of(match["key"], value):
            yield _Hit(start, start + len(value), *_generic(match["key"]))
        else:
            at = start  # a value such as `TOKEN=…` is an assignment of its own


def _is_secret_of(key: str, value: str) -> bool:
    value = _SCHEME.sub("", value.strip())
    if not is_secret_key(key) or is_harmless(value):
        return False
    return looks_random(value) or (is_password_key(key) and looks_chosen(value))


def _generic(key: str) -> tuple[str, str]:
    return ("password", "a password") if is_password_key(key) else ("token", "a token or key")


def _finding(hit: _Hit, location: Location | None, path: str) -> Finding:
    return Finding(
        rule=f"secret/{hit.kind}",
        severity=Severity.ERROR,
        message=f"{hit.label} stands here: {mask(' ' * (hit.end - hit.start))}",
        location=location,
        path=path,
        expected="a reference instead of the secret",
        hint=_HINT,
        exit_code=2,
    )


def _texts(
    path: tuple[str | int, ...], value: object
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text inside a value, with its path, in order."""
    waiting: list[tuple[tuple[str | int, ...], object]] = [(path, value)]
    while waiting:
        where, inner = waiting.pop()
        if isinstance(inner, str):
            yield where, inner
        waiting.extend(((*where, step), child) for step, child in reversed(_children(inner)))


def _children(value: object) -> list[tuple[str | int, object]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, (list, tuple)) else []
