"""dora-tracker: commits, deployments and restores that a Bash call carried out become samples.

Only observes: a command it cannot read is a sample missed, never an objection.
"""

from hooks_shared.context import Context
from hooks_shared.contract import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONGEST = 20_000
_WRAPPERS = ("sudo", "env", "time", "command", "nohup", "exec")
_VALUED = (
    "-C",
    "-c",
    "-n",
    "-f",
    "--namespace",
    "--context",
    "--kubeconfig",
    "--chdir",
    "--config",
)
_REHEARSALS = ("--dry-run", "--help", "-h", "--version")
_HEX = "0123456789abcdef"


def decide(event: Event, context: Context) -> None:
    """Add a sample for each delivery step of the command; the event says that it succeeded."""
    command = event.tool_input.get("command")
    if not isinstance(command, str) or len(command) > _LONGEST:
        return
    known = _patterns(context)
    if not any(words[0] in command for words, _ in known):
        return
    for words in simple_commands(command):
        plain = _plain(words)
        for pattern, kind in known:
            if plain[: len(pattern)] == pattern:
                context.sample(f"dora.{kind}", program=pattern[0], **_commit(kind, event))
                break


def _patterns(context: Context) -> list[tuple[list[str], str]]:
    found: list[tuple[list[str], str]] = []
    for kind in ("commits", "deployments", "restores"):
        listed = context.options.get(kind)
        texts = listed if isinstance(listed, list) else ()
        found += [(text.split(), kind[:-1]) for text in texts if isinstance(text, str)]
    return [(words, kind) for words, kind in found if words]


def simple_commands(text: str) -> list[list[str]]:
    """Words of each simple command in a shell line; what follows an unclosed quote is left out."""
    import shlex  # drags in `re`; this hook runs beside the session, not before a call

    lexer = shlex.shlex(text, posix=True, punctuation_chars=";|&()<>\n")
    lexer.whitespace = " \t\r"
    commands: list[list[str]] = [[]]
    try:
        for token in _without_heredocs(lexer):
            if token.strip(";|&()\n") == "" and token != "":
                commands.append([])
            else:
                commands[-1].append(token)
    except ValueError:
        # the words before the unclosed quote still count, save those of its own command
        commands.pop()
    return [words for words in commands if words]


def _without_heredocs(tokens: "Iterable[str]") -> "Iterator[str]":
    waiting: list[str] = []
    opening = inside = False
    for token in tokens:
        if inside:
            inside = token != waiting[0]
            if not inside:
                waiting.pop(0)
                inside = bool(waiting)
        elif opening:
            waiting.append(token.removeprefix("-"))
            opening = False
        elif token == "<<":
            opening = True
        else:
            inside = bool(waiting) and "\n" in token
            yield token


def _plain(words: list[str]) -> list[str]:
    """The command without assignments, wrappers, options and their values; [] for a rehearsal."""
    if any(word in _REHEARSALS or word.startswith("--dry-run=") for word in words):
        return []
    plain: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in _VALUED:
            skip = True
        elif not (word.startswith("-") or _leads(word, plain)):
            plain.append(word if plain else word.rpartition("/")[2])
    return plain


def _leads(word: str, before: list[str]) -> bool:
    """Whether a word only leads to the program: `X=1`, `sudo`."""
    return not before and (
        word in _WRAPPERS or (word.partition("=")[0].isidentifier() and "=" in word)
    )


def _commit(kind: str, event: Event) -> dict[str, object]:
    """Short hash of the commit that git says it made, as in `[main 1a2b3c4] subject`."""
    response = event.data.get("tool_response")
    output = response.get("stdout") if isinstance(response, dict) else None
    if kind != "commit" or not isinstance(output, str):
        return {}
    for line in output.split("\n")[:50]:
        inner = line[1:].partition("]")[0].split()
        if line.startswith("[") and inner and _is_hash(inner[-1]):
            return {"commit": inner[-1]}
    return {}


def _is_hash(text: str) -> bool:
    return 7 <= len(text) <= 40 and all(character in _HEX for character in text)
