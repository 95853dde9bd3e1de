"""Rules about hooks that the client cannot read or does not know, and therefore drops.

What it reads and then ignores stands in `handler_rules`. Pure.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from hubctl.check.client.facts import ENTRY_ALONE, EVENTS, HANDLER_FIELDS, WHOLE_FILE_EVENTS
from hubctl.check.client.rule import (
    Hit,
    Rule,
    elements,
    event_hit,
    is_above,
    is_number,
    listed,
    members,
    text,
    version_text,
)
from hubctl.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.check.client.rule import Case

UNREADABLE: Final = (
    "the client skips a handler that it cannot read; under PreToolUse and PermissionRequest, and "
    "in clients before 2.1.328 under any event, it drops the whole file, deny rules included"
)


def unreadable_severity(case: Case, event: str) -> Severity:
    """How bad an unreadable handler is: an error where it takes the whole file with it."""
    whole = event in WHOLE_FILE_EVENTS or case.client < ENTRY_ALONE
    return Severity.ERROR if whole else Severity.WARNING


def unreadable_shape(case: Case) -> Iterator[Hit]:
    """Groups and handlers that are no objects, groups without a list of handlers. §2.1, §4.2."""
    for event, groups in members(case.value("hooks")):
        severity = unreadable_severity(case, event)
        for group in elements(groups):
            if not isinstance(group, dict) or not isinstance(group.get("hooks"), list):
                yield event_hit(event, "a matcher group without a list `hooks`", severity)
            elif not all(isinstance(entry, dict) for entry in group["hooks"]):
                yield event_hit(event, "a handler that is no object", severity)


def event_no_list(case: Case) -> Iterator[Hit]:
    """An event whose value is no list. §4.2."""
    for event, groups in members(case.value("hooks")):
        if not isinstance(groups, list | tuple):
            yield event_hit(event, "its value is no list of matcher groups")


def unknown_event(case: Case) -> Iterator[Hit]:
    """An event that no known client has. §3.4, §4.2."""
    for event, _ in members(case.value("hooks")):
        if event not in EVENTS:
            near = get_close_matches(event, EVENTS, n=1)
            yield event_hit(event, f"no such event{f'; meant is {near[0]}' if near else ''}")


def newer_event(case: Case) -> Iterator[Hit]:
    """An event that the pinned client does not know yet. §3.4."""
    for event, _ in members(case.value("hooks")):
        known = EVENTS.get(event)
        if known and known.since > case.client:
            yield event_hit(event, f"needs client {version_text(known.since)}")


def unknown_type(case: Case) -> Iterator[Hit]:
    """A handler type that the client does not have. §2.2, §4.2."""
    for handler in case.handlers():
        if handler.type not in HANDLER_FIELDS:
            what = f"handler type {handler.type!r}" if handler.type else "handler without a type"
            yield handler.hit(what, unreadable_severity(case, handler.event))


def missing_field(case: Case) -> Iterator[Hit]:
    """A handler without the field that makes it do anything. §2.2."""
    for handler in case.handlers():
        for field in HANDLER_FIELDS.get(handler.type, ()):
            if not text(handler.entry.get(field)):
                what = f"{handler.type} handler without the text `{field}`"
                yield handler.hit(what, unreadable_severity(case, handler.event))


def bad_url(case: Case) -> Iterator[Hit]:
    """An http handler whose address is no URL. hook-io-captured, settings files."""
    for handler in case.handlers():
        url = text(handler.entry.get("url"))
        if handler.type == "http" and url and not re.match(r"https?://[^/]", url):
            yield handler.hit("`url` is no http address", unreadable_severity(case, handler.event))


def bad_args(case: Case) -> Iterator[Hit]:
    """`args` that are no list of strings. §2.2."""
    for handler in case.handlers():
        args = handler.entry.get("args", [])
        if not isinstance(args, list) or not all(isinstance(arg, str) for arg in args):
            what = "`args` is no list of strings"
            yield handler.hit(what, unreadable_severity(case, handler.event))


def bad_timeout(case: Case) -> Iterator[Hit]:
    """A timeout that is no number above zero. §2.2."""
    for handler in case.handlers():
        timeout = handler.entry.get("timeout", 1)
        if not is_number(timeout) or not is_above(timeout, 0):
            what = f"timeout {timeout!r} is no number above 0"
            yield handler.hit(what, unreadable_severity(case, handler.event))


RULES: Final = (
    Rule(
        id="settings/hook-shape",
        severity=Severity.WARNING,
        reason=UNREADABLE,
        find=unreadable_shape,
        hint='write an event as [{"matcher": "…", "hooks": [{"type": "command", …}]}]',
    ),
    Rule(
        id="settings/hook-event-no-list",
        severity=Severity.WARNING,
        reason="the client ignores an event whose value is no list",
        find=event_no_list,
        hint="write a list of matcher groups",
    ),
    Rule(
        id="settings/hook-unknown-event",
        severity=Severity.WARNING,
        reason="the client never runs it and asks about it at every interactive start",
        find=unknown_event,
        hint="check the spelling, or remove it",
    ),
    Rule(
        id="settings/hook-newer-event",
        severity=Severity.WARNING,
        reason="an older client never runs it and asks about it at every interactive start",
        find=newer_event,
        hint="raise hub.client, or drop the event",
    ),
    Rule(
        id="settings/hook-unknown-type",
        severity=Severity.WARNING,
        reason=UNREADABLE,
        find=unknown_type,
        hint=f"types: {listed(HANDLER_FIELDS)}",
    ),
    Rule(
        id="settings/hook-missing-field",
        severity=Severity.WARNING,
        reason=UNREADABLE,
        find=missing_field,
        hint="add the field that its type needs",
    ),
    Rule(
        id="settings/hook-url",
        severity=Severity.WARNING,
        reason=UNREADABLE,
        find=bad_url,
        hint="write an http or https address",
    ),
    Rule(
        id="settings/hook-args",
        severity=Severity.WARNING,
        reason=UNREADABLE,
        find=bad_args,
        hint="write a list of texts",
    ),
    Rule(
        id="settings/hook-timeout",
        severity=Severity.WARNING,
        reason=UNREADABLE,
        find=bad_timeout,
        hint="write seconds as a number above 0",
    ),
)
