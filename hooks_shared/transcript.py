"""Reads a session's transcript from its end or from where one left off, never whole at once.

The client calls the format internal: unknown lines are skipped, missing fields are no error.
"""

from hooks_shared.jsontext import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    Json = dict[str, object]

TAILS = (64 << 10, 1 << 20)
STEP = 8 << 20
_INPUTS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


class Usage:
    """Tokens in the window after the last answer, and the model that gave it."""

    __slots__ = ("model", "tokens")

    def __init__(self, model: str, tokens: int) -> None:
        self.model = model
        self.tokens = tokens


def last_usage(path: str) -> Usage | None:
    """The last usage record of the main conversation; None where the tail has none."""
    for size in TAILS:
        for line in reversed(_tail(path, size)):
            if b'"usage"' in line and (usage := _usage(_parse(line))):
                return usage
            if b'"compact_boundary"' in line:
                return None  # what was used before says nothing about the window now
    return None


def _usage(line: "Json") -> Usage | None:
    message = line.get("message")
    if line.get("type") != "assistant" or line.get("isSidechain") or line.get("isApiErrorMessage"):
        return None
    if not isinstance(message, dict) or not isinstance(message.get("usage"), dict):
        return None
    counts = [message["usage"].get(key) for key in (*_INPUTS, "output_tokens")]
    tokens = sum(count for count in counts if isinstance(count, int))
    model = message.get("model")
    if not isinstance(model, str) or model == "<synthetic>" or not tokens:
        return None
    return Usage(model, tokens)


def read_from(path: str, offset: int) -> tuple[list["Json"], int]:
    """Whole lines from byte `offset` on, and the offset of what is not there yet.

    Of more than STEP bytes only the last STEP are read: a summary may skip, a hook may not stall.
    Several hooks of one run ask for the same part, so it is kept; nobody may change the lines.
    """
    try:
        with open(path, "rb") as file:
            size = file.seek(0, 2)
            if _Kept.key == (path, offset, size):
                return _Kept.lines, _Kept.end
            start = offset if offset <= size else 0
            skipped = size - start > STEP
            file.seek(max(start, size - STEP))
            data = file.read(STEP)
    except OSError:
        return [], offset
    if skipped:
        data = data.partition(b"\n")[2]
    whole, _, rest = data.rpartition(b"\n")
    lines = [_parse(line) for line in whole.split(b"\n") if line]
    _Kept.key, _Kept.lines = (path, offset, size), [line for line in lines if line]
    _Kept.end = size - len(rest)
    return _Kept.lines, _Kept.end


class _Kept:
    """The part of a transcript that was read last."""

    key: tuple[str, int, int] | None = None
    lines: "list[Json]" = []  # noqa: RUF012 - replaced, never changed
    end = 0


def _tail(path: str, size: int) -> list[bytes]:
    """The whole lines among the last `size` bytes."""
    try:
        with open(path, "rb") as file:
            end = file.seek(0, 2)
            file.seek(max(0, end - size))
            data = file.read(size)
    except OSError:
        return []
    lines = data.split(b"\n")
    return lines if end <= size else lines[1:]


def _parse(line: bytes) -> "Json":
    try:
        value = loads(line.decode("utf-8", "replace"))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
