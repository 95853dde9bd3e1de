"""Whether a tool call looks for something or at something: by tool name, or by the shell's words.

Only tells, never guards: a command line is cut at its separators, quotes are not followed.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.session.lines import Call

DELEGATES = ("Agent", "Task")
_TOOLS = {"Grep": "pattern", "Glob": "pattern", "LSP": "operation"}
_PROGRAMS = (
    "rg",
    "grep",
    "egrep",
    "fgrep",
    "ag",
    "ack",
    "fd",
    "fdfind",
    "find",
    "ctags",
    "ast-grep",
)
_READERS = ("cat", "head", "tail", "sed", "less", "more", "nl", "bat", "batcat", "wc", "awk")
_SEPARATORS = ";|&()\n`"
_LONGEST = 4_000


def search_of(call: "Call", more: tuple[str, ...] = ()) -> str:
    """What a call searches for, in a few words; "" where it searches nothing.

    `more` names further tools that search; one that ends in `*` stands for all that begin so.
    """
    if call.tool in _TOOLS:
        return f"{call.tool} {call.text(_TOOLS[call.tool])}".strip()[:120]
    if call.tool == "Bash":
        found = [words for words in commands(call.text("command")) if _is_search(words)]
        return " ".join(found[0])[:120] if found else ""
    if call.tool in DELEGATES:
        return f"{call.tool} {call.text('description')}".strip()[:120]
    return call.tool if any(_names(name, call.tool) for name in more) else ""


def _names(name: str, tool: str) -> bool:
    return tool.startswith(name[:-1]) if name.endswith("*") else tool == name


def _is_search(words: list[str]) -> bool:
    return words[0].rpartition("/")[2] in _PROGRAMS or words[:2] == ["git", "grep"]


def commands(line: str) -> list[list[str]]:
    """The words of each command of a shell line, roughly."""
    line = line[:_LONGEST]
    for mark in _SEPARATORS:
        line = line.replace(mark, "\n")
    return [words for part in line.split("\n") if (words := part.split())]


def read_by_shell(call: "Call") -> list[str]:
    """Words of a Bash call that are likely names of files it prints."""
    found: list[str] = []
    for words in commands(call.text("command")) if call.tool == "Bash" else ():
        if words[0].rpartition("/")[2] in _READERS:
            names = [word.strip("\"'") for word in words[1:]]
            found += [name for name in names if name and not name.startswith(("-", ">", "<", "$"))]
    return found[:20]
