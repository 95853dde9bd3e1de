"""Rules about handlers that the client reads, and then ignores or reads differently.

What it cannot read stands in `unreadable_rules`, matchers in `matcher_rules`. Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hubctl.check.client.facts import (
    EVENTS,
    HANDLER_FIELDS,
    LOCAL_AT_ROOT,
    ON_FAILURE,
    TOOL_EVENTS,
)
from hubctl.check.client.permission_rules import flaw_of
from hubctl.check.client.rule import (
    Case,
    Handler,
    Hit,
    Rule,
    elements,
    is_above,
    listed,
    members,
    text,
    version_text,
)
from hubctl.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

_LITERAL: Final = re.compile(r"\$(?:[A-Za-z_]|\{(?!CLAUDE_|user_config\.))|^~/")
_HEADER_VARIABLE: Final = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
_RELATIVE: Final = re.compile(r"(?:^|\s)(?:\.{1,2}/|\.claude/)")
_CHANGES_FOLDER: Final = re.compile(r"\bcd\s")
_ENDING: Final = {"SessionEnd": Severity.WARNING, "Stop": Severity.NOTE}


def timeout_in_milliseconds(case: Case) -> Iterator[Hit]:
    """A timeout that only makes sense in milliseconds. §1 item 2."""
    for handler in case.handlers():
        timeout = handler.entry.get("timeout")
        if isinstance(timeout, int) and timeout >= 1000 and not _whole_minutes(timeout):
            yield handler.hit(f"timeout {timeout} looks like milliseconds")


def session_end_budget(case: Case) -> Iterator[Hit]:
    """A SessionEnd handler that relies on the shared budget, or asks for too much. §3.4."""
    for handler in case.handlers():
        if handler.event == "SessionEnd":
            timeout = handler.entry.get("timeout")
            if timeout is None:
                yield handler.hit("handler without a timeout")
            elif is_above(timeout, 60):
                yield handler.hit(f"timeout {timeout} is cut to 60")


def condition_off_tools(case: Case) -> Iterator[Hit]:
    """`if` on an event that calls no tool. §2.2."""
    for handler in case.handlers():
        if "if" in handler.entry and handler.event in EVENTS.keys() - TOOL_EVENTS:
            yield handler.hit("handler with `if`")


def condition_no_rule(case: Case) -> Iterator[Hit]:
    """`if` that is not exactly one permission rule. §2.2."""
    for handler in case.handlers():
        condition = handler.entry.get("if")
        if condition is not None and flaw_of(condition):
            yield handler.hit(f"`if` is no single permission rule: {flaw_of(condition)}")


def once(case: Case) -> Iterator[Hit]:
    """`once` outside of a skill. §2.1, §2.2."""
    for handler in case.handlers():
        if handler.entry.get("once"):
            yield handler.hit("handler with `once`")


def type_not_run(case: Case) -> Iterator[Hit]:
    """A handler type that the event does not run. §2.2, hook-io-captured table."""
    for handler in case.handlers():
        event = EVENTS.get(handler.event)
        if event and handler.type in HANDLER_FIELDS.keys() - event.handlers:
            yield handler.hit(f"{handler.type} handler; it runs {listed(event.handlers)}")


def on_failure(case: Case) -> Iterator[Hit]:
    """`onFailure` that has no effect, so the hook fails open after all. §2.2."""
    for handler in case.handlers():
        policy = handler.entry.get("onFailure")
        if policy is None or policy == "continue":
            continue
        why = _without_effect(case, handler) if policy == "block" else f"the value {policy!r}"
        if why:
            yield handler.hit(f"`onFailure` has no effect with {why}")


def ended_with_session(case: Case) -> Iterator[Hit]:
    """A background handler where a session ends. §2.2 `async`, §12 (41577)."""
    for handler in case.handlers():
        severity = _ENDING.get(handler.event)
        if severity and (handler.entry.get("async") or handler.entry.get("asyncRewake")):
            yield handler.hit("background handler where a session ends", severity)


def shell_with_args(case: Case) -> Iterator[Hit]:
    """`shell` beside `args`. §2.2."""
    for handler in case.handlers():
        if "args" in handler.entry and "shell" in handler.entry:
            yield handler.hit("`shell` beside `args`")


def exec_form_literal(case: Case) -> Iterator[Hit]:
    """Shell words in exec form, which has no shell. §2.2."""
    for handler in case.handlers():
        if handler.type == "command" and "args" in handler.entry:
            words = [text(handler.entry.get("command")), *elements(handler.entry["args"])]
            if any(_LITERAL.search(text(word)) for word in words):
                yield handler.hit("`$NAME` or `~/` in exec form")
            elif " " in text(words[0]).partition("/")[0]:
                yield handler.hit("`command` holds arguments although `args` is there")


def relative_path(case: Case) -> Iterator[Hit]:
    """A script named relative to a working folder that moves. §2.4, §12 (5176)."""
    for handler in case.handlers():
        line = _command_line(handler) if handler.type == "command" else ""
        if _RELATIVE.search(line) and not _CHANGES_FOLDER.search(line):
            yield handler.hit("a relative path in the command line")


def header_variable(case: Case) -> Iterator[Hit]:
    """A header that takes a variable which the handler does not allow. §2.2."""
    for handler in case.handlers():
        allowed = set(elements(handler.entry.get("allowedEnvVars")))
        for name, value in members(handler.entry.get("headers")):
            for variable in _HEADER_VARIABLE.findall(text(value)):
                if variable not in allowed:
                    yield handler.hit(f"header {name} takes {variable}")


def _command_line(handler: Handler) -> str:
    words = [text(handler.entry.get("command")), *elements(handler.entry.get("args"))]
    return " ".join(text(word) for word in words)


def _without_effect(case: Case, handler: Handler) -> str:
    event = EVENTS.get(handler.event)
    at_start = handler.type == "mcp_tool" and handler.event in ("Setup", "SessionStart")
    if case.client < ON_FAILURE:
        return f"a client before {version_text(ON_FAILURE)}"
    if handler.type in ("prompt", "agent"):
        return f"a {handler.type} handler"
    if handler.entry.get("async") or handler.entry.get("asyncRewake"):
        return "an async handler"
    return f"event {handler.event}" if at_start or (event and not event.decides) else ""


def _whole_minutes(seconds: int) -> bool:
    return seconds % 60 == 0 and seconds % 1000 != 0 and seconds <= 7200


def local_below_root(case: Case) -> Iterator[Hit]:
    """Local hooks and a client that looks for them only where it is started. §4.2."""
    if case.place == "local" and case.client < LOCAL_AT_ROOT and case.handlers():
        yield Hit(at=("hooks",), what="hooks of this repository's local settings")


RULES: Final = (
    Rule(
        id="settings/hook-below-root",
        severity=Severity.NOTE,
        reason=f"clients before {version_text(LOCAL_AT_ROOT)} read them only in the folder where "
        "they are started: a session in a folder below or in a linked worktree runs none of them",
        find=local_below_root,
        hint="`scope: host` holds everywhere, or raise hub.client",
    ),
    Rule(
        id="settings/hook-timeout-milliseconds",
        severity=Severity.WARNING,
        reason="the client counts a hook's timeout in seconds",
        find=timeout_in_milliseconds,
        hint="divide it by 1000",
    ),
    Rule(
        id="settings/hook-session-end-budget",
        severity=Severity.NOTE,
        reason="SessionEnd handlers without a timeout share 1.5 seconds; none gets over 60",
        find=session_end_budget,
        hint="give it a timeout of up to 60 seconds",
    ),
    Rule(
        id="settings/hook-if-event",
        severity=Severity.WARNING,
        reason="on an event that calls no tool the client never runs a handler with `if`",
        find=condition_off_tools,
        hint=f"`if` works on {listed(TOOL_EVENTS)}",
    ),
    Rule(
        id="settings/hook-if-form",
        severity=Severity.WARNING,
        reason="the client reads `if` as exactly one permission rule",
        find=condition_no_rule,
        hint="write one rule, such as `Bash(git *)`; more than one take a handler each",
    ),
    Rule(
        id="settings/hook-once",
        severity=Severity.WARNING,
        reason="in settings files the client ignores `once` and runs the handler every time",
        find=once,
        hint="remove it; only the hooks of a skill run once",
    ),
    Rule(
        id="settings/hook-type-event",
        severity=Severity.WARNING,
        reason="the client never runs this type of handler on this event",
        find=type_not_run,
        hint="use a handler of type command",
    ),
    Rule(
        id="settings/hook-on-failure",
        severity=Severity.WARNING,
        reason="without it the client lets the action proceed when the hook fails",
        find=on_failure,
        hint="change what keeps it from working, or remove it",
    ),
    Rule(
        id="settings/hook-async-ended",
        severity=Severity.WARNING,
        reason="the client ends its background handlers when it ends, and `claude -p` ends right "
        "after Stop",
        find=ended_with_session,
        hint="drop `async`, and let it start what takes long as a process of its own",
    ),
    Rule(
        id="settings/hook-shell-args",
        severity=Severity.NOTE,
        reason="with `args` there is no shell, and the client ignores `shell`",
        find=shell_with_args,
        hint="remove `shell`, or put everything into `command`",
    ),
    Rule(
        id="settings/hook-exec-form",
        severity=Severity.WARNING,
        reason="with `args` the client starts `command` itself, without a shell: only "
        "${CLAUDE_…} is filled in, everything else stays as written",
        find=exec_form_literal,
        hint="drop `args` and write one command line, or write the words out",
    ),
    Rule(
        id="settings/hook-relative-path",
        severity=Severity.WARNING,
        reason="hooks run in the session's current folder, so a relative path breaks after `cd`",
        find=relative_path,
        hint='begin it with "$CLAUDE_PROJECT_DIR"/',
    ),
    Rule(
        id="settings/hook-header-variable",
        severity=Severity.WARNING,
        reason="the client replaces a variable that `allowedEnvVars` does not name by nothing",
        find=header_variable,
        hint="name it in `allowedEnvVars`",
    ),
)
