"""context-monitor: says how full the context window is, at two thresholds and not more often."""

from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict, advise
from hooks_shared.transcript import Usage, last_usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LARGE_WINDOW = 1_000_000
# What the client itself told of its models' windows; canonical's `windows` go before it.
KNOWN_WINDOWS = {"claude-opus-5-5": LARGE_WINDOW}
_LARGE_MARK = "[1m]"


def decide(event: Event, context: Context) -> Verdict | None:
    """Advice where the session's last answer filled the window beyond a threshold."""
    if event.text("agent_id"):
        return None  # a subagent has a window of its own, and this transcript is not its
    usage = last_usage(event.transcript_path)
    if usage is None:
        return None
    window = _window(usage, context)
    percent = usage.tokens * 100 / window
    if percent < context.number("warning"):
        return None
    level = "critical" if percent >= context.number("critical") else "warning"
    if not _is_due(level, usage.tokens, context):
        return None
    context.sample("context.used", percent=round(percent, 1), level=level)
    return advise(_facts(percent, usage.tokens, window, level))


def _window(usage: Usage, context: Context) -> float:
    """The model's window: the longest prefix of its name decides, canonical's before ours."""
    given = context.options.get("windows")
    listed = given if isinstance(given, dict) else {}
    window = _longest(listed, usage.model) or _longest(KNOWN_WINDOWS, usage.model)
    if not window:
        window = LARGE_WINDOW if _LARGE_MARK in usage.model else context.number("window")
    # More than fits was used, so the session runs the model's large window.
    return max(window, LARGE_WINDOW) if usage.tokens > window else window


def _longest(windows: "Mapping[str, float]", model: str) -> float:
    """Tokens of the longest name that begins `model`; 0 where none does."""
    names = [name for name in windows if model.startswith(name)]
    return windows[max(names, key=len)] if names else 0


def _is_due(level: str, tokens: int, context: Context) -> bool:
    """Whether this level is news: reached first, after a compaction, or long enough ago."""
    due = []

    def change(memory: dict[str, object]) -> dict[str, object] | None:
        told, at, then = memory.get("level"), memory.get("at"), memory.get("tokens")
        now = context.now()
        shrunk = isinstance(then, int) and tokens < then * 0.8
        long_ago = (
            isinstance(at, (int, float)) and now - at >= context.number("repeat_minutes") * 60
        )
        fresh = told != level and not (told == "critical" and level == "warning")
        if not (fresh or shrunk or long_ago):
            return None
        due.append(level)
        return {"level": level, "at": now, "tokens": tokens}

    if context.remember(change) is None:
        return False  # unable to remember, it would repeat itself before every single call
    return bool(due)


def _facts(percent: float, tokens: int, window: float, level: str) -> str:
    text = f"Context window: {percent:.0f} % used ({tokens:,} of {window:,.0f} tokens)."
    if level == "critical":
        return text + " Compaction is near; what is not written to a file may be lost by it."
    return text + " Large outputs from here on bring compaction closer."
