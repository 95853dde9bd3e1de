"""output-monitor: counts what large tool outputs cost the context, and says so now and then."""

from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict, advise

CHARACTERS_PER_TOKEN = 4
_DEPTH = 6


def decide(event: Event, context: Context) -> Verdict | None:
    """A note where this output is large; at most one in `repeat_minutes`."""
    if event.text("agent_id"):
        return None  # it fills the window of a subagent, which ends with it
    size = _characters(event.data.get("tool_response"), _DEPTH)
    if size <= context.number("threshold_kb") * 1024:
        return None
    tokens = size // CHARACTERS_PER_TOKEN
    context.sample("context.debt", tokens=tokens, tool=event.tool_name)
    due: list[str] = []

    def change(memory: dict[str, object]) -> dict[str, object]:
        now = context.now()
        debt = _number(memory, "tokens") + tokens
        outputs = _number(memory, "outputs") + 1
        told = _number(memory, "told")
        if now - told >= context.number("repeat_minutes") * 60:
            due.append(_facts(event.tool_name, tokens, outputs, debt))
            told = now
        return {"tokens": debt, "outputs": outputs, "told": told}

    context.remember(change)
    return advise(due[0]) if due else None


def _characters(value: object, depth: int) -> int:
    """Characters of text in a tool's response; pictures cost otherwise and are left out."""
    if isinstance(value, str):
        return len(value)
    if depth == 0:
        return 0
    if isinstance(value, list):
        return sum(_characters(item, depth - 1) for item in value)
    if not isinstance(value, dict) or value.get("isImage") or value.get("type") == "image":
        return 0
    return sum(_characters(item, depth - 1) for item in value.values())


def _number(memory: dict[str, object], key: str) -> float:
    value = memory.get(key)
    return value if isinstance(value, (int, float)) else 0


def _facts(tool: str, tokens: float, outputs: float, debt: float) -> str:
    return (
        f"Context debt: this {tool} output is about {tokens:,.0f} tokens, "
        f"all large outputs of this session ({outputs:.0f}) about {debt:,.0f}. "
        "Narrower patterns, offset and limit, or a pipe into head cost less."
    )
