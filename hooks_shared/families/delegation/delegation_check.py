"""delegation-check: before code is written, has the session looked for what is there already?

Asks once a session has written without having searched, and, where canonical says so, before it
writes at length what an agent could. Whether it advises, asks or refuses is policy.
"""

import os

from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict, advise, ask, deny
from hooks_shared.session.code import listed, written_code
from hooks_shared.session.lines import called
from hooks_shared.session.searches import search_of
from hooks_shared.transcript import read_from

_ADVISE, _ASK, _OFF = "advise", "ask", "off"


def decide(event: Event, context: Context) -> Verdict | None:
    """What policy says of this write; None where there is nothing to ask."""
    path, text = written_code(event, context)
    lines = _added(event, path, text) if path else 0
    if lines < context.number("lines"):
        return None
    if lines >= context.number("large_lines") and context.options.get("large_writes") != _OFF:
        return _answer("large_writes", _large(lines, context), context)
    if context.options.get("search_first") == _OFF or _has_searched(event, context):
        return None
    return _answer("search_first", _unsearched(path, lines), context)


def _added(event: Event, path: str, text: str) -> int:
    """Lines of new code; a file written anew had to be read before, which is looking too."""
    if event.tool_name == "Write":
        return 0 if os.path.exists(path) else text.count("\n") + 1
    before = event.tool_input.get("old_string")
    return text.count("\n") - (before.count("\n") if isinstance(before, str) else 0) + 1


def _has_searched(event: Event, context: Context) -> bool:
    """Whether the session searched or handed over anything so far; asked until it has."""
    memory = context.remember(lambda memory: None) or {}
    if memory.get("searched"):
        return True
    seen = memory.get("offset", 0)
    lines, offset = read_from(event.transcript_path, seen if isinstance(seen, int) else 0)
    tools = tuple(listed(context, "search_tools"))
    searched = any(search_of(call, tools) for line in lines for call in called(line))
    if searched or lines:
        context.remember(lambda now: {**now, "offset": offset, "searched": searched})
    # Without a transcript nobody knows what the session did, and a guess would only annoy.
    return searched or (not offset and not os.path.exists(event.transcript_path))


def _answer(policy: str, text: str, context: Context) -> Verdict | None:
    wanted = context.options.get(policy)
    context.sample("delegation.check", policy=policy, answer=str(wanted))
    if wanted == _ADVISE:
        return advise(text) if _is_due(policy, context) else None
    reason = f"{text} {_WAY_OUT[policy]}"
    return ask(reason) if wanted == _ASK else deny(reason)


_WAY_OUT = {
    "search_first": "A search with Grep, Glob, rg, find or an agent, then the same call, passes.",
    "large_writes": "Smaller steps pass, and so does the same work done by an agent.",
}


def _unsearched(path: str, lines: int) -> str:
    return (
        f"This session has searched for nothing yet, and this call brings {lines} new lines of "
        f"code into {path.rpartition('/')[2]}: what they do may exist in this repository already."
    )


def _large(lines: int, context: Context) -> str:
    delegate = context.options.get("delegate_to")
    return (
        f"This call writes {lines} lines itself. Written by {delegate}, they would not stay in "
        "this session's context."
    )


def _is_due(policy: str, context: Context) -> bool:
    """Whether the same advice was not given a short while ago."""
    due: list[bool] = []

    def change(memory: dict[str, object]) -> dict[str, object] | None:
        told = memory.get(policy)
        wait = context.number("repeat_minutes") * 60
        if isinstance(told, (int, float)) and context.now() - told < wait:
            return None
        due.append(True)
        return {**memory, policy: context.now()}

    return context.remember(change) is not None and bool(due)
