"""What a line of a transcript says: what was asked, said, called, answered.

The client calls the format internal, so every field may be missing or of another type; lines of
subagents and what the client itself put into the conversation are nobody's words.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    Json = dict[str, object]

_CLIENT = (
    "<local-command",
    "<bash-",
    "<system-reminder",
    "<task-notification",
    "<user-memory",
    "Caveat: ",
    "[Request interrupted",
    "This session is being continued",
)
_NOBODY = ("system", "loop_wakeup", "schedule_wakeup", "poll_event")


class Call:
    """One tool call: its id, the tool's name and its input."""

    __slots__ = ("given", "id", "tool")

    def __init__(self, id: str, tool: str, given: "Json") -> None:
        self.id = id
        self.tool = tool
        self.given = given

    def text(self, field: str) -> str:
        """A field of the input as text, "" where it is none."""
        value = self.given.get(field)
        return value if isinstance(value, str) else ""


class Result:
    """What one call gave back: its id, characters of text, whether it failed, structured data."""

    __slots__ = ("data", "failed", "id", "size")

    def __init__(self, id: str, size: int, failed: bool, data: "Json") -> None:
        self.id = id
        self.size = size
        self.failed = failed
        self.data = data


def asked(line: "Json") -> str:
    """What a person typed, `/command arguments` for a command; "" for every other line."""
    if line.get("type") != "user" or line.get("isMeta") or line.get("isCompactSummary"):
        return ""
    if line.get("isSidechain") or line.get("promptSource") in _NOBODY:
        return ""
    text = "\n".join(_texts(_content(line))).strip()
    if text.startswith("<command-"):
        return f"{_between(text, 'command-name')} {_between(text, 'command-args')}".strip()
    return "" if text.startswith(_CLIENT) else text


def _between(text: str, tag: str) -> str:
    return text.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0].strip()


def said(line: "Json") -> list[str]:
    """The texts of an answer of the main conversation."""
    return [text for text in _texts(_content(line)) if text.strip()] if _is_answer(line) else []


def called(line: "Json") -> list[Call]:
    """The tool calls of an answer of the main conversation."""
    content = _content(line) if _is_answer(line) else ()
    found = []
    for block in content if isinstance(content, list) else ():
        if isinstance(block, dict) and block.get("type") == "tool_use":
            name, given, id_ = block.get("name"), block.get("input"), block.get("id")
            if isinstance(name, str):
                found.append(Call(_text(id_), name[:100], given if isinstance(given, dict) else {}))
    return found


def answered(line: "Json") -> list[Result]:
    """The results of tool calls that a line hands back; `data` belongs to a single one."""
    if line.get("type") != "user" or line.get("isSidechain"):
        return []
    content = _content(line)
    data = line.get("toolUseResult")
    return [
        Result(
            _text(block.get("tool_use_id")),
            sum(len(text) for text in _texts(block.get("content"))),
            bool(block.get("is_error")),
            data if isinstance(data, dict) else {},
        )
        for block in (content if isinstance(content, list) else ())
        if isinstance(block, dict) and block.get("type") == "tool_result"
    ]


def _is_answer(line: "Json") -> bool:
    return line.get("type") == "assistant" and not line.get("isSidechain")


def _content(line: "Json") -> object:
    message = line.get("message")
    return message.get("content") if isinstance(message, dict) else None


def _texts(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    blocks = content if isinstance(content, list) else ()
    texts = [block.get("text") for block in blocks if isinstance(block, dict)]
    return [text for text in texts if isinstance(text, str)]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
