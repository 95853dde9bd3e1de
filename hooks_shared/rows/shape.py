"""What a row of the table of hooks holds, and the pieces its option schemas are made of."""

from collections import namedtuple

OPEN, CLOSED = "open", "closed"

Hook = namedtuple(
    "Hook",
    (
        "id",  # as in canonical.yaml
        "description",  # one sentence
        "events",  # those it can be enabled for
        "tools",  # tool names it wants at tool events, `mcp__x__*` for all that begin so; () all
        "module",  # has `decide(event, context)`
        "order",  # lower runs first
        "deadline",  # seconds
        "on_error",  # what its failure means: OPEN lets through, CLOSED refuses
        "observing",  # never advises or decides, so it may run beside the session
        "options",  # defaults
        "schema",  # JSON Schema of the options
    ),
)


def number(description: str, low: float, high: float) -> dict[str, object]:
    """Schema of a number between two bounds."""
    return {"type": "number", "minimum": low, "maximum": high, "description": description}


def options(**properties: object) -> dict[str, object]:
    """Schema of a hook's options."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


def words(description: str) -> dict[str, object]:
    """Schema of a list of commands, names or patterns."""
    item = {"type": "string", "minLength": 1}
    return {"type": "array", "items": item, "description": description}


def one_of(values: tuple[str, ...], description: str) -> dict[str, object]:
    """Schema of a choice."""
    return {"enum": list(values), "description": description}
