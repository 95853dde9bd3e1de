"""tdd-guard-check: production code is written for a test that fails or is new.

Goes by result files, names of files and lines of code: the same state gives the same answer. What
adds no code, or keeps names and branches while the tests are green, is nobody's business.
"""

from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict, advise
from hooks_shared.writes.write import REMOVE, TOUCH, Write, writes_of

# Files of every other ending are no code whose tests could be read; said here to load nothing.
CODE = (
    ".py", ".go", ".rs", ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue",
    ".svelte",
)  # fmt: skip
_PAUSE = ("tdd off", "tdd pause")
_RESUME = ("tdd on", "tdd resume")


def decide(event: Event, context: Context) -> Verdict | None:
    """Deny or ask, by strictness, where no test asks for a change of production code."""
    if event.name == "UserPromptSubmit":
        return _said(event, context)
    if event.name.startswith("PostToolUse"):
        from hooks_shared.tdd import reporter

        reporter.note(event, context)
        return None
    writes = [one for one in writes_of(event) if _is_code(one)]
    if not writes:
        return None
    from hooks_shared.tdd.guard import judge

    return judge(writes, event, context)


def _is_code(write: Write) -> bool:
    named = (write.path.lower().endswith(CODE), write.placed, write.kind not in (REMOVE, TOUCH))
    return all(named)


def _said(event: Event, context: Context) -> Verdict | None:
    """A person pauses it for this session, or goes on; the model cannot say a prompt."""
    prompt = " ".join(event.text("prompt").lower().split()).rstrip(".!")
    if prompt not in _PAUSE + _RESUME:
        return None
    paused = prompt in _PAUSE
    context.remember(lambda memory: {**memory, "paused": paused})
    state = "paused for this session" if paused else "on again"
    return advise(f"The person said: tdd-guard-check is {state}.", f"tdd-guard-check is {state}")
