"""What a shell knows while it runs a line, and one simple command as it would be started."""

from hooks_shared.shell.values import last_name, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.shell.tree import Node

LOCAL, REMOTE, CONTAINER = "", "remote", "container"


class State:
    """Working folder, variables, functions, aliases, and files that the line itself wrote.

    Attributes:
        stdin: what the commands read, None where nobody knows. place: which machine it is.
        captured: whether another command reads what they print. substituted: whether it becomes
            a part of a line, as in `$(…)`.
        mounts: (path inside, path on this machine) where the place is a container.
        files: path → text. arguments: `$0`, `$1`, ….
    """

    __slots__ = (
        "aliases",
        "arguments",
        "captured",
        "cwd",
        "files",
        "functions",
        "mounts",
        "place",
        "previous",
        "stdin",
        "substituted",
        "variables",
    )

    def __init__(self, cwd: str) -> None:
        self.cwd = cwd
        self.previous = cwd
        self.variables: dict[str, str | list[str]] = {}
        self.functions: dict[str, Node] = {}
        self.aliases: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.arguments: list[str] = ["bash"]
        self.stdin: str | None = None
        self.place = LOCAL
        self.mounts: tuple[tuple[str, str], ...] = ()
        self.captured = False
        self.substituted = False

    def copy(self) -> "State":
        """For a subshell: it sees everything and changes nothing, files aside."""
        other = State(self.cwd)
        other.previous = self.previous
        other.variables = dict(self.variables)
        other.functions = dict(self.functions)
        other.aliases = self.aliases
        other.files = self.files
        other.arguments = self.arguments
        other.stdin = self.stdin
        other.place = self.place
        other.mounts = self.mounts
        other.captured = self.captured
        other.substituted = self.substituted
        return other


class Call:
    """One simple command with everything expanded.

    Attributes:
        argv: program and arguments. name: the program without its folder.
        env: assignments before it. stdin: what it reads, None if unknown.
        redirections: (operator, descriptor, path). cwd, place, mounts: where it runs.
        via: names of the wrappers around it, such as sudo.
    """

    __slots__ = (
        "args", "argv", "cwd", "env", "mounts", "name", "place", "redirections", "stdin", "via",
    )  # fmt: skip

    def __init__(
        self,
        argv: list[str],
        state: State,
        env: dict[str, str],
        redirections: list[tuple[str, str, str]],
        via: tuple[str, ...],
    ) -> None:
        self.argv = argv
        name = argv[0] if argv else ""
        if "/" in name:
            name = last_name(name)
        self.name = name[:-4] if name.endswith(".exe") else name
        self.args = argv[1:]
        self.env = env
        self.stdin = state.stdin
        self.redirections = redirections
        self.cwd = state.cwd
        self.place = state.place
        self.mounts = state.mounts
        self.via = via

    def text(self) -> str:
        """The command for people."""
        return shown(" ".join(self.argv), 160)
