"""What a call writes, and whether that is code: the question of both delegation hooks."""

from hooks_shared.contract import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.context import Context

_FIELDS = {
    "Write": ("file_path", "content"),
    "Edit": ("file_path", "new_string"),
    "NotebookEdit": ("notebook_path", "new_source"),
}


def written_code(event: Event, context: "Context") -> tuple[str, str]:
    """Path and new text of a code file that this call writes itself; ("", "") for all else.

    `code` and `whitelist` are options: endings, and patterns of names or paths.
    """
    fields = _FIELDS.get(event.tool_name)
    # What an agent writes is delegated work already.
    if fields is None or event.text("agent_id"):
        return "", ""
    path, text = (event.tool_input.get(field) for field in fields)
    if not isinstance(path, str) or not isinstance(text, str):
        return "", ""
    endings = tuple(listed(context, "code"))
    if not path.lower().endswith(endings) or _is_listed(path, listed(context, "whitelist")):
        return "", ""
    return path, text


def listed(context: "Context", option: str) -> list[str]:
    """The texts of an option that its schema declares a list of them."""
    found = context.options.get(option)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _is_listed(path: str, patterns: list[str]) -> bool:
    """Whether a pattern fits the name, or a pattern with `/` the end of the path."""
    name = path.rpartition("/")[2]
    return any(
        _fits(path, "*/" + pattern.lstrip("/")) if "/" in pattern else _fits(name, pattern)
        for pattern in patterns
    )


def _fits(text: str, pattern: str) -> bool:
    """`*` stands for any text; matched piece by piece, so it takes time in proportion."""
    first, *middle = pattern.split("*")
    if not middle:
        return text == first
    *middle, last = middle
    if not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return at <= end
