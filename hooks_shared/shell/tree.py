"""What a shell line is made of: words of parts, redirections, commands, pipelines, scripts.

Plain slotted values; they know nothing about how they are read or what they do.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    Script = list["Pipeline"]

# Kinds of a part.
TEXT, QUOTED, VARIABLE, COMMAND, PROCESS, ARITHMETIC = (
    "text",
    "quoted",
    "variable",
    "command",
    "process",
    "arithmetic",
)
# Kinds of a node.
SIMPLE, SUBSHELL, GROUP, BRANCH, LOOP, FOR, CASE, FUNCTION, TEST = (
    "simple",
    "subshell",
    "group",
    "branch",
    "loop",
    "for",
    "case",
    "function",
    "test",
)


class Part:
    """A piece of a word.

    Attributes:
        kind: TEXT (globs and braces are active), QUOTED, VARIABLE, COMMAND, PROCESS, ARITHMETIC.
        text: the literal, the variable's name, `<` or `>` of a process substitution.
        quoted: whether it stands in double quotes, so that it is not split.
        operator: of a variable: `:-`, `#`, `/`, `!` (indirect), `[]` …, "" for the plain value.
        word: the operand of that operator. script: of a substitution.
    """

    __slots__ = ("kind", "operator", "quoted", "script", "text", "word")

    def __init__(  # noqa: PLR0913, PLR0917 - a value of six fields, made in the scanner only
        self,
        kind: str,
        text: str = "",
        quoted: bool = False,
        operator: str = "",
        word: "Word | None" = None,
        script: "Script | None" = None,
    ) -> None:
        self.kind = kind
        self.text = text
        self.quoted = quoted
        self.operator = operator
        self.word = word
        self.script = script


class Word:
    """Parts that stand together; `start` and `end` are offsets in the text."""

    __slots__ = ("end", "parts", "start")

    def __init__(self, parts: list[Part], start: int = 0, end: int = 0) -> None:
        self.parts = parts
        self.start = start
        self.end = end

    def literal(self) -> str | None:
        """The text, where nothing has to be expanded."""
        if len(self.parts) == 1 and self.parts[0].kind in (TEXT, QUOTED):
            return self.parts[0].text
        if all(part.kind in (TEXT, QUOTED) for part in self.parts):
            return "".join(part.text for part in self.parts)
        return None

    def bare(self) -> str:
        """The text of a wholly unquoted word, as reserved words must be; else ""."""
        parts = self.parts
        return parts[0].text if len(parts) == 1 and parts[0].kind == TEXT else ""


class Redirection:
    """`fd` is "" where the operator's own applies; `target` is a here-document's body for `<<`."""

    __slots__ = ("fd", "operator", "target")

    def __init__(self, operator: str, fd: str, target: Word) -> None:
        self.operator = operator
        self.fd = fd
        self.target = target


class Assignment:
    """`name=value`, `name+=value` (append) or `name=(items)`."""

    __slots__ = ("append", "items", "name", "value")

    def __init__(self, name: str, value: Word, append: bool, items: list[Word] | None) -> None:
        self.name = name
        self.value = value
        self.append = append
        self.items = items


class Node:
    """One command, simple or compound.

    Attributes:
        words: of a simple command; what a `for` runs over; what `case` or `[[` looks at.
        bodies: the scripts inside a compound command, in order.
        name: of a function, or the variable of a `for`.
    """

    __slots__ = ("assignments", "bodies", "kind", "name", "redirections", "words")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.words: list[Word] = []
        self.assignments: list[Assignment] = []
        self.redirections: list[Redirection] = []
        self.bodies: list[Script] = []
        self.name = ""


class Pipeline:
    """Commands joined by `|`; `after` is what follows: `&&`, `||`, `;`, `&` or ""."""

    __slots__ = ("after", "stages")

    def __init__(self, stages: list[Node]) -> None:
        self.stages = stages
        self.after = ""
