"""delegation-warning: what a session writes itself is a debt; says so rarely, and never blocks.

An agent's work is none, and handing work to one pays the debt. Each write is a sample for reports,
which costs no tokens; advice comes when the debt has doubled and some time has passed.
"""

from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict, advise
from hooks_shared.session.code import written_code
from hooks_shared.session.searches import DELEGATES

CHARACTERS_PER_TOKEN = 4
_FILES = 100


def decide(event: Event, context: Context) -> Verdict | None:
    """Count what was written or handed over; advice where the debt has grown enough."""
    if event.tool_name in DELEGATES:
        if not event.text("agent_id"):
            context.sample("delegation.handed_over")
            context.remember(_paid)
        return None
    path, text = written_code(event, context)
    if not path or not text:
        return None
    tokens = max(1, len(text) // CHARACTERS_PER_TOKEN)
    context.sample("delegation.own", tokens=tokens)
    told: list[str] = []

    def change(memory: dict[str, object]) -> dict[str, object]:
        grown = _grown(memory, path, tokens)
        if _is_due(grown, context):
            told.append(_facts(grown, context))
            grown |= {"told": context.now(), "told_tokens": grown["tokens"]}
        return grown

    context.remember(change)
    return advise(told[0]) if told else None


def _paid(memory: dict[str, object]) -> dict[str, object]:
    """The debt after work was handed over; when advice was given stays known."""
    kept = {"told": memory["told"]} if "told" in memory else {}
    return {**kept, "handed": _number(memory, "handed") + 1}


def _grown(memory: dict[str, object], path: str, tokens: int) -> dict[str, object]:
    found = memory.get("files")
    files = [one for one in found if one != path[-200:]] if isinstance(found, list) else []
    return {
        **memory,
        "tokens": _number(memory, "tokens") + tokens,
        "files": [*files, path[-200:]][-_FILES:],
    }


def _is_due(memory: dict[str, object], context: Context) -> bool:
    debt, before = _number(memory, "tokens"), _number(memory, "told_tokens")
    waited = context.now() - _number(memory, "told") >= context.number("repeat_minutes") * 60
    return waited and debt >= max(context.number("tokens"), before * 2)


def _number(memory: dict[str, object], key: str) -> float:
    value = memory.get(key)
    return value if isinstance(value, (int, float)) else 0


def _facts(memory: dict[str, object], context: Context) -> str:
    files = memory["files"]
    count = len(files) if isinstance(files, list) else 0
    since = "since it last handed work over" if memory.get("handed") else "so far"
    return (
        f"Delegation debt: {since} this session wrote about {_number(memory, 'tokens'):,.0f} "
        f"tokens of code into {count} file{'' if count == 1 else 's'} itself. What "
        f"{context.options.get('delegate_to')} writes does not stay in this context."
    )
