"""Rules about matchers: the ones that never match, match more than they say, or are ignored.

A matcher of plain characters is a list of exact names; any other character makes it an unanchored
JavaScript regular expression. Python's `re` stands in for that here: near enough to find mistakes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hubctl.check.client.facts import (
    COMMA_LISTS,
    EVENTS,
    EXACT_HYPHENS,
    NARROW_LIST_EVENTS,
    RETIRED_TOOLS,
    RULE_TOOLS,
    TOOL_EVENTS,
    TOOLS,
    Event,
)
from hubctl.check.client.rule import Hit, Rule, event_hit, listed, text
from hubctl.check.client.unreadable_rules import UNREADABLE, unreadable_severity
from hubctl.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.check.client.rule import Case

EXACT: Final = re.compile(r"[A-Za-z0-9_\- ,|]*\Z")
NARROW_EXACT: Final = re.compile(r"[A-Za-z0-9_|]*\Z")
_CALL: Final = re.compile(r"([A-Za-z]+)\(.*\)\Z")
_CLASS: Final = re.compile(r"\[[^\]]+\]")
_SERVER: Final = re.compile(r"mcp__(?:(?!__)[\w-])+\Z")
_PYTHON_ONLY: Final = re.compile(r"\(\?P|\(\?#|\(\?>|\(\?\(|\(\?[aiLmsux]+\)|(?<!\\)[*+?}]\+")
_SCRIPT_ONLY: Final = re.compile(r"\[\^?\]|\\[pPkcu]|\(\?<(?![=!])")
_ALL_TOOLS: Final = {name.lower(): name for name in TOOLS | RETIRED_TOOLS.keys()}


def not_text(case: Case) -> Iterator[Hit]:
    """A matcher that is no text. §2.1, §4.2."""
    for event, group in case.groups():
        if not isinstance(group.get("matcher", ""), str):
            yield event_hit(event, "the matcher is no text", unreadable_severity(case, event))


def ignored(case: Case) -> Iterator[Hit]:
    """A matcher on an event that holds it against nothing. §2.3."""
    for event, matcher in _matchers(case):
        if not _known(event).matches:
            yield event_hit(event, f"matcher {matcher!r}")


def tool_call_form(case: Case) -> Iterator[Hit]:
    """A permission rule in the place of a matcher. hook-io-captured, matchers."""
    for event, matcher in _tool_matchers(case):
        call = _CALL.match(matcher)
        if call and call[1] in RULE_TOOLS and not _hit_tools(matcher):
            yield event_hit(event, f"matcher {matcher!r}")


def bare_server(case: Case) -> Iterator[Hit]:
    """An MCP server's name without a tool. §2.3."""
    for event, matcher in _tool_matchers(case):
        for name in exact_names(event, matcher):
            if _SERVER.match(name):
                yield event_hit(event, f"matcher {name!r}")


def invalid_regex(case: Case) -> Iterator[Hit]:
    """A regular expression that JavaScript refuses. hook-io-captured, settings files."""
    for event, matcher in _matchers(case):
        if is_regex(event, matcher) and _refused(matcher):
            yield event_hit(event, f"matcher {matcher!r} is no JavaScript regular expression")


def wrong_case(case: Case) -> Iterator[Hit]:
    """A tool's name in other letters. §2.3."""
    for event, matcher in _tool_matchers(case):
        for name in exact_names(event, matcher):
            meant = _ALL_TOOLS.get(name.lower(), name)
            if meant != name:
                yield event_hit(event, f"matcher {name!r}; meant is {meant}")


def retired_tool(case: Case) -> Iterator[Hit]:
    """A former tool's name. §2.3, §3.5."""
    for event, matcher in _tool_matchers(case):
        for name in exact_names(event, matcher):
            if name in RETIRED_TOOLS:
                yield event_hit(event, f"matcher {name!r}; today it is {RETIRED_TOOLS[name]}")


def unanchored(case: Case) -> Iterator[Hit]:
    """A regular expression that also hits longer tool names. §2.3."""
    for event, matcher in _tool_matchers(case):
        if is_regex(event, matcher):
            meant = {tool for tool in _hit_tools(matcher) if re.fullmatch(matcher, tool)}
            more = _hit_tools(matcher) - meant
            if meant and more:
                yield event_hit(event, f"matcher {matcher!r} also hits {listed(more)}")


def impossible_value(case: Case) -> Iterator[Hit]:
    """A name that the event never has. §3.4."""
    for event, matcher in _matchers(case):
        values = _known(event).values
        for name in exact_names(event, matcher) if values else ():
            if name not in values:
                yield event_hit(event, f"matcher {name!r}; possible are {listed(values)}")


def list_too_wide(case: Case) -> Iterator[Hit]:
    """A comma or a space where only `|` makes a list. §2.3."""
    for event, matcher in _matchers(case):
        if event == "StopFailure" and is_regex(event, matcher) and EXACT.match(matcher):
            yield event_hit(event, f"matcher {matcher!r}")


def newer_form(case: Case) -> Iterator[Hit]:
    """A comma list or a hyphen that an older client takes for a regular expression. §2.3."""
    for event, matcher in _matchers(case):
        comma = "," in matcher and case.client < COMMA_LISTS
        hyphen = "-" in matcher and case.client < EXACT_HYPHENS
        if EXACT.match(matcher) and (comma or hyphen):
            yield event_hit(event, f"matcher {matcher!r}")


def is_regex(event: str, matcher: str) -> bool:
    """Whether the client reads `matcher` on `event` as a regular expression."""
    exact = NARROW_EXACT if event in NARROW_LIST_EVENTS else EXACT
    return matcher != "*" and not exact.match(matcher) and event != "FileChanged"


def exact_names(event: str, matcher: str) -> tuple[str, ...]:
    """The names in a matcher that is a list of exact names; () if it is none."""
    if matcher in ("", "*") or is_regex(event, matcher):
        return ()
    return tuple(name.strip() for name in re.split(r"[|,]", matcher) if name.strip())


def _matchers(case: Case) -> Iterator[tuple[str, str]]:
    for event, group in case.groups():
        matcher = text(group.get("matcher"))
        if event in EVENTS and matcher not in ("", "*"):
            yield event, matcher


def _tool_matchers(case: Case) -> Iterator[tuple[str, str]]:
    return ((event, matcher) for event, matcher in _matchers(case) if event in TOOL_EVENTS)


def _known(event: str) -> Event:
    return EVENTS[event]


def _refused(matcher: str) -> bool:
    if _PYTHON_ONLY.search(_CLASS.sub("x", matcher)):
        return True
    return not _SCRIPT_ONLY.search(matcher) and _compiled(matcher) is None


def _hit_tools(matcher: str) -> set[str]:
    pattern = _compiled(matcher)
    return {tool for tool in TOOLS if pattern and pattern.search(tool)}


def _compiled(matcher: str) -> re.Pattern[str] | None:
    try:
        return re.compile(matcher)
    except re.error as error:
        return re.compile("$^") if "look-behind" in error.msg else None


RULES: Final = (
    Rule(
        id="settings/matcher-no-text",
        severity=Severity.WARNING,
        reason=UNREADABLE,
        find=not_text,
        hint="write the matcher as text",
    ),
    Rule(
        id="settings/matcher-ignored",
        severity=Severity.WARNING,
        reason="the client ignores the matcher of this event and runs the handlers every time",
        find=ignored,
        hint="drop the matcher, and choose inside the hook",
    ),
    Rule(
        id="settings/matcher-call-form",
        severity=Severity.WARNING,
        reason="a matcher is held against the tool's name alone, so this never matches",
        find=tool_call_form,
        hint="put the tool's name into `matcher` and the rule into the handler's `if`",
    ),
    Rule(
        id="settings/matcher-bare-server",
        severity=Severity.WARNING,
        reason="tool names are mcp__server__tool, so a server's name alone never matches",
        find=bare_server,
        hint="append `__.*`",
    ),
    Rule(
        id="settings/matcher-regex",
        severity=Severity.WARNING,
        reason="the client never runs a group whose matcher it cannot compile, and says nothing",
        find=invalid_regex,
        hint="write an expression of JavaScript, or names joined by `|`",
    ),
    Rule(
        id="settings/matcher-case",
        severity=Severity.WARNING,
        reason="the client compares names letter by letter, so this never matches",
        find=wrong_case,
        hint="write the name as the client does",
    ),
    Rule(
        id="settings/matcher-retired-tool",
        severity=Severity.NOTE,
        reason="hooks see the tool's present name only",
        find=retired_tool,
        hint="write the present name of the tool",
    ),
    Rule(
        id="settings/matcher-unanchored",
        severity=Severity.NOTE,
        reason="the client looks for the expression anywhere in the tool's name",
        find=unanchored,
        hint="write ^…$",
    ),
    Rule(
        id="settings/matcher-value",
        severity=Severity.WARNING,
        reason="the event never carries that value, so this never matches",
        find=impossible_value,
        hint="write a value that this event has",
    ),
    Rule(
        id="settings/matcher-list",
        severity=Severity.WARNING,
        reason="on this event only `|` separates names; else it is an expression",
        find=list_too_wide,
        hint="separate the names by |",
    ),
    Rule(
        id="settings/matcher-newer-form",
        severity=Severity.WARNING,
        reason="clients before 2.1.191 (comma) and 2.1.195 (hyphen) take it for an expression",
        find=newer_form,
        hint="separate the names by |, or raise hub.client",
    ),
)
