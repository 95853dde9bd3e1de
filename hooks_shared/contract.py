"""What the client sends to a hook and accepts from it: all 33 events, decode, merge, encode.

The one place that knows the client's wire format. Pure: reads no file, prints nothing. Values
are small slotted classes because `collections` costs a third of the bare interpreter's start.
"""

from hooks_shared.jsontext import dumps, loads

DENY, ASK, ALLOW = "deny", "ask", "allow"
PASSED, BLOCKED = 40, 42  # exit codes by which a run tells its launcher that it was complete
LIMIT = 10_000  # UTF-16 units; the client replaces longer strings by a preview and a path

ALL_TYPES = ("command", "http", "mcp_tool", "prompt", "agent")
NO_MODEL = ("command", "http", "mcp_tool")
NO_HTTP = ("command", "mcp_tool")
CONTEXT = "additionalContext"


class Row:
    """One event.

    Attributes:
        name: as in settings. handlers: the handler types it accepts.
        matcher: input field its matcher is compared with, "" where a matcher is ignored.
        style: how a decision is written: `permission`, `request`, `block`, `action`, `path`, ""
            where the event decides nothing.
        exit2: what exit code 2 means: `blocks`, `user` or `model` (who reads stderr), `ignored`.
        fields: what `hookSpecificOutput` accepts beside its name and the decision.
        messages: whether `systemMessage` reaches the user.
    """

    __slots__ = ("exit2", "fields", "handlers", "matcher", "messages", "name", "style")

    def __init__(  # noqa: PLR0913, PLR0917 - a row of a literal table
        self,
        name: str,
        handlers: tuple[str, ...],
        matcher: str,
        style: str,
        exit2: str,
        fields: tuple[str, ...],
        messages: bool = True,
    ) -> None:
        self.name = name
        self.handlers = handlers
        self.matcher = matcher
        self.style = style
        self.exit2 = exit2
        self.fields = fields
        self.messages = messages


_START = (CONTEXT, "initialUserMessage", "sessionTitle", "watchPaths", "reloadSkills")
_PROMPT = (CONTEXT, "sessionTitle", "suppressOriginalPrompt")
_TOOL_OUTPUT = (CONTEXT, "updatedToolOutput", "updatedMCPToolOutput", "classifierContext")

_ROWS = (
    Row("SessionStart", NO_HTTP, "source", "", "user", _START),
    Row("Setup", NO_HTTP, "trigger", "", "user", (CONTEXT,)),
    Row("InstructionsLoaded", NO_MODEL, "load_reason", "", "ignored", (), False),
    Row("UserPromptSubmit", ALL_TYPES, "", "block", "blocks", _PROMPT),
    Row("UserPromptExpansion", ALL_TYPES, "command_name", "block", "blocks",
        (CONTEXT, "suppressOriginalPrompt")),
    Row("PreToolUse", ALL_TYPES, "tool_name", "permission", "blocks", (CONTEXT, "updatedInput")),
    Row("PermissionRequest", ALL_TYPES, "tool_name", "request", "ignored",
        ("updatedInput", "updatedPermissions", "interrupt")),
    Row("PermissionDenied", ALL_TYPES, "tool_name", "", "ignored", ("retry",)),
    Row("PostToolUse", ALL_TYPES, "tool_name", "block", "model", _TOOL_OUTPUT),
    Row("PostToolUseFailure", ALL_TYPES, "tool_name", "block", "model", (CONTEXT,)),
    Row("PostToolBatch", ALL_TYPES, "", "block", "blocks", (CONTEXT,)),
    Row("Notification", NO_MODEL, "notification_type", "", "ignored", (CONTEXT,), False),
    Row("MessageDisplay", NO_MODEL, "", "", "ignored", ("displayContent",), False),
    Row("SubagentStart", NO_MODEL, "agent_type", "", "user", (CONTEXT,)),
    Row("SubagentStop", ALL_TYPES, "agent_type", "block", "blocks", (CONTEXT,)),
    Row("TaskCreated", ALL_TYPES, "", "block", "blocks", ()),
    Row("TaskCompleted", ALL_TYPES, "", "block", "blocks", ()),
    Row("TeammateIdle", ALL_TYPES, "", "block", "blocks", ()),
    Row("Stop", ALL_TYPES, "", "block", "blocks", (CONTEXT,)),
    Row("StopFailure", NO_MODEL, "error", "", "ignored", (), False),
    Row("PreCompact", NO_MODEL, "trigger", "block", "blocks", (), False),
    Row("PostCompact", NO_MODEL, "trigger", "", "user", (), False),
    # Which handlers the two accept beside `command` was never measured; more would be a guess.
    Row("PreModelSwitch", ("command",), "", "permission", "blocks", ()),
    Row("PostModelSwitch", ("command",), "", "", "ignored", (CONTEXT,)),
    Row("ConfigChange", NO_MODEL, "source", "block", "blocks", ()),
    Row("CwdChanged", NO_MODEL, "", "", "user", ("watchPaths",)),
    Row("FileChanged", NO_MODEL, "file_path", "", "user", ("watchPaths",)),
    Row("DirectoryAdded", NO_MODEL, "source", "", "ignored", (), False),
    Row("WorktreeCreate", NO_MODEL, "", "path", "blocks", ("worktreePath",), False),
    Row("WorktreeRemove", NO_MODEL, "", "", "ignored", (), False),
    Row("Elicitation", NO_MODEL, "mcp_server_name", "action", "blocks", ("content",)),
    Row("ElicitationResult", NO_MODEL, "mcp_server_name", "action", "blocks", ("content",)),
    Row("SessionEnd", NO_MODEL, "reason", "", "user", (), False),
)  # fmt: skip

EVENTS = {row.name: row for row in _ROWS}
TOOL_EVENTS = tuple(row.name for row in _ROWS if row.matcher == "tool_name")
# Where a hook that fails may block: everywhere else a block by accident loops (Stop), loses a
# prompt nobody can repeat (SessionEnd) or refuses the very repair (ConfigChange).
CLOSABLE = ("PreToolUse", "PermissionRequest", "UserPromptSubmit", "UserPromptExpansion")


class Event:
    """One decoded input. Fields the client left out, or typed otherwise, are "" and {}."""

    __slots__ = ("cwd", "data", "name", "session_id", "tool_input", "tool_name", "transcript_path")

    def __init__(self, data: dict[str, object]) -> None:
        self.data = data
        self.name = _text(data.get("hook_event_name"))
        self.session_id = _text(data.get("session_id"))
        self.transcript_path = _text(data.get("transcript_path"))
        self.cwd = _text(data.get("cwd"))
        self.tool_name = _text(data.get("tool_name"))
        found = data.get("tool_input")
        self.tool_input: dict[str, object] = found if isinstance(found, dict) else {}

    def text(self, field: str) -> str:
        """A field of the input as text, "" where it is none."""
        return _text(self.data.get(field))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


class Verdict:
    """What a hook answers.

    Attributes:
        decision: DENY, ASK, ALLOW, or "" for none; reason: why, one sentence.
        context: facts for the model. message: a line for the user.
        output: further fields of the event's `hookSpecificOutput`.
    """

    __slots__ = ("context", "decision", "message", "output", "reason")

    def __init__(
        self,
        decision: str = "",
        reason: str = "",
        context: str = "",
        message: str = "",
        output: dict[str, object] | None = None,
    ) -> None:
        self.decision = decision
        self.reason = reason
        self.context = context
        self.message = message
        self.output = {} if output is None else output

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verdict) and self._key() == other._key()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Verdict{self._key()!r}"

    def _key(self) -> tuple[object, ...]:
        return (self.decision, self.reason, self.context, self.message, self.output)


def deny(reason: str) -> Verdict:
    """Refuse; the reason reaches the model."""
    return Verdict(DENY, reason)


def ask(reason: str) -> Verdict:
    """Let a person decide."""
    return Verdict(ASK, reason)


def advise(context: str, message: str = "") -> Verdict:
    """Decide nothing, but tell the model (and the user) something."""
    return Verdict(context=context, message=message)


def nonsense(value: object) -> str:
    """Why `value` is no answer of a hook; "" where it is one (None included)."""
    if value is None:
        return ""
    if not isinstance(value, Verdict):
        return f"answered {type(value).__name__} instead of a Verdict"
    if value.decision not in ("", DENY, ASK, ALLOW):
        return f"decided {value.decision!r:.40}"
    texts = (value.reason, value.context, value.message)
    if not all(isinstance(text, str) for text in texts) or not isinstance(value.output, dict):
        return "answered with a part of the wrong type"
    if value.decision in (DENY, ASK) and not value.reason.strip():
        return f"decided {value.decision} without a reason"
    return _unwritable(value.output)


def _unwritable(output: dict[str, object]) -> str:
    try:
        dumps(output)
    except (TypeError, ValueError, RecursionError):
        return "answered with output that is no JSON"
    return ""


def merge(verdicts: list[Verdict]) -> Verdict:
    """One verdict of many: deny beats ask beats allow; contexts and messages are joined."""
    merged = Verdict()
    for decision in (DENY, ASK, ALLOW):
        reasons = [verdict.reason for verdict in verdicts if verdict.decision == decision]
        if reasons:
            merged.decision = decision
            merged.reason = _joined(reasons, "\n")
            break
    merged.context = _joined([verdict.context for verdict in verdicts], "\n\n")
    merged.message = _joined([verdict.message for verdict in verdicts], "\n")
    for verdict in verdicts:
        merged.output.update(verdict.output)
    return merged


def _joined(texts: list[str], separator: str) -> str:
    return separator.join(dict.fromkeys(text for text in texts if text))


def cap(text: str) -> str:
    """`text` cut to what the client takes whole."""
    if len(text) * 2 <= LIMIT:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= LIMIT * 2:
        return text
    note = "\n… (cut here)"
    kept = units[: (LIMIT - len(note)) * 2].decode("utf-16-le", "ignore")
    return kept + note


def decode(text: str | bytes) -> Event:
    """The event that the client wrote to stdin. Unknown fields and events are kept as they are.

    Raises:
        ValueError: it is no JSON object.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    data = loads(text.removeprefix("\ufeff"))
    if not isinstance(data, dict):
        raise ValueError(f"a JSON {type(data).__name__} instead of an object")
    return Event(data)


def encode(name: str, verdict: Verdict) -> tuple[str, str, int]:
    """stdout, stderr and exit code that say `verdict` to event `name`, and nothing else.

    What the event does not accept is left out; an unknown event is told nothing.
    """
    row = EVENTS.get(name)
    if row is None:
        return "", "", 0
    if row.style == "path":
        return _worktree(verdict)
    top: dict[str, object] = {}
    specific = {key: verdict.output[key] for key in row.fields if key in verdict.output}
    decided = _decide(row, verdict, top, specific)
    if row.style == "request" and not decided:
        specific.clear()  # the client refuses the whole answer where `decision` is missing
    if verdict.context and CONTEXT in row.fields:
        specific[CONTEXT] = cap(verdict.context)
    message = verdict.message
    if not decided and verdict.decision in (DENY, ASK):
        message = _joined([verdict.reason, message], "\n")
    if message and row.messages:
        top["systemMessage"] = cap(message)
    if specific:
        top["hookSpecificOutput"] = {"hookEventName": name, **specific}
    stdout = dumps(top) + "\n" if top else ""
    blocks = decided and verdict.decision == DENY and row.exit2 in ("blocks", "model")
    return stdout, cap(verdict.reason) + "\n" if blocks else "", 2 if blocks else 0


def _decide(
    row: Row, verdict: Verdict, top: dict[str, object], specific: dict[str, object]
) -> bool:
    """Write the decision where the event wants it; False where it takes no such decision."""
    decision, reason = verdict.decision, cap(verdict.reason)
    if not decision or not row.style:
        return False
    if row.style == "permission":
        specific["permissionDecision"] = decision
        if reason:
            specific["permissionDecisionReason"] = reason
    elif decision == ASK:
        return False
    elif row.style == "request":
        _answer_request(decision, reason, specific)
    elif decision == ALLOW:
        return False
    elif row.style == "block":
        top["decision"] = "block"
        top["reason"] = reason
    else:
        specific["action"] = "decline"
    return True


def _answer_request(decision: str, reason: str, specific: dict[str, object]) -> None:
    if decision == DENY:
        answer: dict[str, object] = {"behavior": "deny", "message": reason}
        accepted: tuple[str, ...] = ("interrupt",)
    else:
        answer, accepted = {"behavior": "allow"}, ("updatedInput", "updatedPermissions")
    answer |= {key: specific[key] for key in accepted if key in specific}
    specific.clear()
    specific["decision"] = answer


def _worktree(verdict: Verdict) -> tuple[str, str, int]:
    """WorktreeCreate reads a bare path, never JSON: any other line would be taken for one."""
    if verdict.decision == DENY:
        return "", cap(verdict.reason) + "\n", 2
    path = verdict.output.get("worktreePath")
    return (path + "\n" if isinstance(path, str) and "\n" not in path else ""), "", 0
