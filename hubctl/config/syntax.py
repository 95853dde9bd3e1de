"""What a YAML parser complains about, in words that say what to change.

Both parsers (libyaml and the one in Python) word the same mistake differently; the table below
meets both. It is tried from top to bottom.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from hubctl.config.problems import problem, shown
from hubctl.config.screen import BREAK
from hubctl.model.finding import Location

if TYPE_CHECKING:
    from collections.abc import Generator

    from hubctl.model.finding import Finding

# part of the parser's words · rule · message · hint · whether the place where it began is shown
_ROWS = (
    ("tab character", "tab", "a tab stands in the indentation", "indent with spaces", False),
    (
        "scanning a directive",
        "syntax",
        "a line that begins with `%` is a directive of YAML, and this one is none",
        "delete the line",
        True,
    ),
    (
        "mapping values are not allowed",
        "syntax",
        "a `:` stands where no key can end",
        "put a value that contains `: ` in quotes, or check the indentation",
        False,
    ),
    (
        "could not find expected ':'",
        "syntax",
        "this key has no `:`",
        "write `key: value`; a space follows the colon",
        True,
    ),
    (
        "',' or ']'",
        "syntax",
        "this list has no `]`, or an element without a comma",
        "close the list, or put a value that contains `: `, `,` or `]` in quotes",
        True,
    ),
    (
        "',' or '}'",
        "syntax",
        "this mapping has no `}`, or an entry without a comma",
        "close the mapping, or put a value that contains `: `, `,` or `}` in quotes",
        True,
    ),
    ("unexpected end of stream", "syntax", "this quote is never closed", "close it", True),
    (
        "unexpected document separator",
        "syntax",
        "this quote is not closed before the end of the document",
        "close it",
        True,
    ),
    (
        "unknown escape character",
        "syntax",
        "a backslash in double quotes starts no known escape here",
        "use single quotes, where a backslash is a backslash",
        False,
    ),
    (
        "sequence entries are not allowed",
        "syntax",
        "a list with `-` cannot begin on the line of its key",
        "begin the list on the next line",
        False,
    ),
    ("undefined tag handle", "tag", "this tag has no handle", "delete the tag", False),
    ("incompatible YAML", "syntax", "this version of YAML is not known", "delete the line", False),
    (
        "expected alphabetic or numeric",
        "syntax",
        "`*` and `&` begin an alias or an anchor here, and its name is missing",
        "put a value that begins with `*` or `&` in quotes",
        True,
    ),
    (
        "node content",
        "syntax",
        "a value is missing here",
        "put a value that begins with `]`, `}` or `,` in quotes",
        False,
    ),
    (
        "document start",
        "several-documents",
        "text follows the end of the document",
        "delete the `...`",
        False,
    ),
    (
        "after document end marker",
        "several-documents",
        "text follows the end of the document",
        "delete the `...`",
        False,
    ),
    (
        "expected key",
        "indentation",
        "this line fits no line above it",
        "align it with its neighbours; put a value that begins with a quote wholly in quotes",
        False,
    ),
    (
        "parsing a block collection",
        "indentation",
        "this line is no list element, but stands in a list",
        "begin it with `- `, or indent it as far as the key it belongs to",
        False,
    ),
    (
        "block end",
        "indentation",
        "this line fits no line above it",
        "align it with its neighbours; put a value that begins with a quote wholly in quotes",
        False,
    ),
)


def events(text: str, *, pure: bool) -> Generator[Any]:
    """The parser's events, to be closed by whoever reads them; `pure` needs no libyaml.

    Raises:
        YAMLError: `syntax_finding` says it in words.
    """
    from ruamel.yaml import YAML

    # Not `compose`: resolving tags node by node costs four times the parsing.
    yield from YAML(typ="safe", pure=pure).parse(text)


def is_libyaml_alone(error: Any) -> bool:
    """Whether only libyaml refuses this: a `:` inside a plain value between brackets.

    `{url: https://example.org}` is YAML 1.2, and every other parser reads it.
    """
    return "found unexpected ':'" in str(getattr(error, "problem", ""))


def syntax_finding(error: Any, text: str, file: str) -> Finding:
    """The finding for a parser's error; `text` is the whole file."""
    if not hasattr(error, "problem_mark"):
        return problem("syntax", f"this is no YAML: {shown(str(error))}", Location(file=file))
    words = f"{error.context or ''}: {error.problem or ''}"
    mark, began = error.problem_mark or error.context_mark, error.context_mark
    where = Location(file=file, line=mark.line + 1, column=mark.column + 1) if mark else None
    line = _line(text, mark.line) if mark else ""
    if mark and "node content" in words and not text[_offset(text, mark.line) :].strip():
        message = "the file ends before a `[` or `{` is closed"
        return problem("syntax", message, where or Location(file=file), hint="close it")
    if mark and "cannot start any token" in words:
        return _bad_start(line, mark.column, where or Location(file=file))
    for part, rule, message, hint, at_start in _ROWS:
        if part in words:
            if at_start and began:
                where = Location(file=file, line=began.line + 1, column=began.column + 1)
            return problem(rule, message, where or Location(file=file), hint=hint)
    words = shown(str(error.problem or error.context or error))
    return problem("syntax", f"this is no YAML: {words}", where or Location(file=file))


def _bad_start(line: str, column: int, where: Location) -> Finding:
    character = line[column : column + 1]
    indent = line[: len(line) - len(line.lstrip())]
    if character == "\t" or "\t" in indent[: column + 1]:
        message = "a tab stands in the indentation" if "\t" in indent else "a tab stands here"
        return problem("tab", message, where, expected="spaces", hint="indent with spaces")
    message = f"no value can begin with `{character}`"
    return problem("syntax", message, where, hint=f"put the value in quotes: '{character}…'")


def _line(text: str, number: int) -> str:
    return (text[_offset(text, number) :].splitlines() or [""])[0]


def _offset(text: str, line: int) -> int:
    """Where line number `line` (from 0) begins; the end of the text if there is none."""
    ends = (match.end() for match in BREAK.finditer(text))
    return next(itertools.islice(ends, line - 1, None), len(text)) if line else 0
