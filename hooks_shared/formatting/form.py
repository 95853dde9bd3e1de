"""Brings one file into its formatter's form, or leaves it exactly as it is and says why."""

from hooks_shared import child
from hooks_shared.formatting import changes, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.formatting.choose import Choice

CHANGED, SAME, LEFT, MOVED, FAILED = "changed", "same", "left", "moved", "failed"


class Touched:
    """The file, as it is shown, the bytes that were read of it, and its formatter."""

    __slots__ = ("choice", "path", "shown", "text")

    def __init__(self, path: str, shown: str, text: bytes, choice: "Choice") -> None:
        self.path = path
        self.shown = shown
        self.text = text
        self.choice = choice


def bring_into_form(file: Touched, before: str, seconds: float) -> tuple[str, str]:
    """Format `file`, whose text was `before` until the edit ("" for a new file).

    Returns:
        CHANGED, SAME, LEFT (it had another form before, and nothing asks for this one), MOVED
        (somebody else changed it meanwhile) or FAILED; and what is to be told of it, "" for
        nothing.
    """
    name, shown = file.choice.name, file.shown
    ended = _run(file.choice, file.text, seconds)
    problem = _problem(file, ended)
    if ended is None or problem:
        return FAILED, f"{name} {problem}"
    if ended.stdout == file.text:
        return SAME, ""
    if before and not file.choice.sure and not _has_form(file.choice, before, seconds):
        return LEFT, ""
    problem = place.put(file.path, file.text, ended.stdout)
    if problem == place.MOVED:
        return MOVED, ""
    if problem:
        return FAILED, f"{shown} could not be formatted: {problem}"
    where = changes.told(file.text, ended.stdout)
    return CHANGED, f"{name} formatted {shown}; it now differs from what was written in {where}."


def _run(choice: "Choice", text: bytes, seconds: float) -> child.Ended | None:
    return child.run(choice.command, choice.folder, seconds, text, len(text) * 4 + (64 << 10))


def _problem(file: Touched, ended: child.Ended | None) -> str:
    """Why the formatter's answer is not to be used; "" where it is."""
    if ended is None:
        return "could not be started"
    if ended.late:
        return f"took too long or answered too much and was stopped; {file.shown} is as written"
    if ended.code:
        return f"does not take {file.shown} as it is: {_complaint(ended)}"
    if changes.lost_text(file.text, ended.stdout):
        return f"answered with less than {file.shown} holds; the file is as written"
    return ""


def _has_form(choice: "Choice", text: str, seconds: float) -> bool:
    given = text.encode("utf-8", "surrogatepass")
    ended = _run(choice, given, seconds)
    return ended is not None and not ended.late and not ended.code and ended.stdout == given


def _complaint(ended: child.Ended) -> str:
    """The first telling line of what the formatter said."""
    text = (ended.stderr or ended.stdout).decode("utf-8", "replace")
    text = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    lines = [" ".join(line.split()) for line in text.split("\n")]
    telling = [line for line in lines if any(c.isalpha() for c in line)]
    named = [line for line in telling if "error" in line.lower()]
    return (named or telling or [f"exit code {ended.code}"])[0][:200]
