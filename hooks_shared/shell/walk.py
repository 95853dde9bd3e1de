"""Walks a script as a shell would run it, taking every branch, and reports each simple command.

Starts nothing. What a command would print is followed where that is known, because the next
command may read it as code.
"""

from hooks_shared.shell.builtins import BUILTINS
from hooks_shared.shell.expand import Expander
from hooks_shared.shell.outputs import output_of
from hooks_shared.shell.parse import parse
from hooks_shared.shell.scan import LIMIT, TooDeepError
from hooks_shared.shell.state import Call, State
from hooks_shared.shell.tree import (
    FOR,
    FUNCTION,
    LOOP,
    SIMPLE,
    SUBSHELL,
    TEST,
    Assignment,
    Node,
    Part,
    Pipeline,
)
from hooks_shared.shell.values import (
    FETCHED,
    LONGEST,
    SECRET,
    UNKNOWN,
    bounded,
    joined,
    without_markers,
)
from hooks_shared.shell.wrappers import WRAPPERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.shell.tree import Script

    Redirected = tuple[str, str, str]

STEPS = 2000  # simple commands of one line, loops and functions unrolled
_ROUNDS = 16
_EVERYTHING = ("&>", "&>>", ">", ">>", ">|")


class Listener:
    """Who hears about every command; replaced by whoever judges them."""

    def call(self, call: Call, shell: "Shell") -> None:
        """A simple command is started."""

    def code(self, call: Call, text: str) -> None:
        """`call` runs `text` as shell code."""

    def forks(self, name: str) -> None:
        """A function starts itself more than once."""

    def is_secret(self, path: str) -> bool:
        """Whether a file holds secrets."""
        return False


class World:
    """What all shells of one line share: the environment, the listener, the bounds."""

    def __init__(self, home: str, project: str, known: dict[str, str], listener: Listener) -> None:
        self.home = home
        self.project = project
        self.known = {"HOME": home, "IFS": " ", "SHELL": "/bin/bash", **known}
        self.listener = listener
        self.steps = 0
        self.depth = 0
        self.active: list[str] = []
        self.pipes = 0
        self.at_exit: list[tuple[Shell, str]] = []

    def environment(self) -> str:
        """What printing the whole environment shows."""
        return UNKNOWN + SECRET  # in this order: it may hold one, a secrets file does


class Shell:
    """Runs scripts over one state."""

    def __init__(self, state: State, world: World) -> None:
        self.state = state
        self.world = world

    def copy(self) -> "Shell":
        """A subshell."""
        return Shell(self.state.copy(), self.world)

    def run_text(self, text: str, arguments: list[str] | None = None) -> str:
        """Run `text` here; with `arguments` they are `$0`, `$1`, ….

        Raises:
            TooDeepError: it nests beyond all measure, or would run more than STEPS commands.
        """
        world = self.world
        world.depth += 1
        if world.depth > LIMIT or (len(text) > LONGEST and world.depth > 1):
            raise TooDeepError
        kept = self.state.arguments
        self.state.arguments = kept if arguments is None else arguments
        output = self.script(parse(text, world.depth))
        self.state.arguments = kept
        world.depth -= 1
        return output

    def script(self, script: "Script") -> str:
        """Run pipelines; what they print."""
        if len(script) == 1:
            return self._pipeline(script[0])
        return bounded("".join([self._pipeline(pipeline) for pipeline in script]))

    def _pipeline(self, pipeline: Pipeline) -> str:
        stages = pipeline.stages
        if len(stages) == 1:
            return self.node(stages[0])
        piped = self.state.stdin
        for stage in stages:
            inner = self.copy()
            inner.state.stdin = piped
            inner.state.captured = self.state.captured or stage is not stages[-1]
            piped = inner.node(stage)
        return piped or ""

    def node(self, node: Node) -> str:
        """Run one command, simple or compound."""
        if node.kind == SIMPLE:
            return self._simple(node)
        if node.kind == FUNCTION:
            self.state.functions[node.name] = node
            if _calls_itself(node, node.name) > 1:
                self.world.listener.forks(node.name)
            return ""
        if node.kind == TEST:
            self.expander().fields(node.words)
            return ""
        redirections, stdin = self._redirections(node)
        if redirections:
            self.world.listener.call(Call(["{"], self.state, {}, redirections, ()), self)
        shell = self.copy() if node.kind == SUBSHELL else self
        kept = shell.state.stdin
        shell.state.stdin = kept if stdin is None else stdin
        output = shell.compound(node)
        shell.state.stdin = kept
        return self.written(output, redirections)

    def compound(self, node: Node) -> str:
        """Run the bodies of a compound command; what they print."""
        if node.kind == FOR:
            return self._for(node)
        if node.kind == LOOP:
            return self._loop(node)
        if node.words:
            self.expander().fields(node.words)
        return bounded("".join([self.script(body) for body in node.bodies]))

    def _for(self, node: Node) -> str:
        items = self.expander().fields(node.words) if node.words else self.state.arguments[1:]
        output: list[str] = []
        for item in items[:_ROUNDS] or [UNKNOWN]:
            self.state.variables[node.name] = item
            output += [self.script(body) for body in node.bodies]
        return bounded("".join(output))

    def _loop(self, node: Node) -> str:
        """Once, or once for each line that is known to be read."""
        output: list[str] = []
        for _ in range(_ROUNDS):
            before = self.state.stdin
            output += [self.script(body) for body in node.bodies]
            if not before or self.state.stdin in (before, "", None):
                break
        return bounded("".join(output))

    def expander(self) -> Expander:
        """What expands words here."""
        return Expander(self.state, self._substitute, self.world.known)

    def _substitute(self, part: Part) -> str:
        """Output of `$(…)`, or the path that `<(…)` becomes."""
        inner = self.copy()
        inner.state.captured = True
        inner.state.substituted = part.text == ""
        script = part.script or []
        if part.text == ">":
            inner.state.stdin = self.state.stdin or UNKNOWN
            inner.script(script)
            return "/dev/fd/63"
        output = self._shortcut(script, inner)
        if part.text == "<":
            self.world.pipes += 1
            path = f"/dev/fd/{self.world.pipes + 62}"
            self.state.files[path] = output
            return path
        return output.rstrip("\n")

    def _shortcut(self, script: "Script", inner: "Shell") -> str:
        """`$(< file)` is the file."""
        node = script[0].stages[0] if len(script) == 1 and len(script[0].stages) == 1 else None
        reads = node is not None and [one.operator for one in node.redirections] == ["<"]
        if node is not None and node.kind == SIMPLE and not node.words and reads:
            _, stdin = inner._redirections(node)
            return stdin or ""
        return inner.script(script)

    def _simple(self, node: Node) -> str:
        expander = self.expander()
        argv = expander.fields(node.words)
        redirections, stdin = self._redirections(node)
        if not argv:
            for assignment in node.assignments:
                self._assign(assignment, expander)
            if redirections:
                self.world.listener.call(Call([], self.state, {}, redirections, ()), self)
            return self.written("", redirections)
        env = {one.name: expander.text(one.value) for one in node.assignments}
        kept = self.state.stdin
        if stdin is not None:
            self.state.stdin = stdin
        output = self.start(argv, env, redirections)
        if stdin is not None:
            self.state.stdin = kept
        return self.written(output, redirections)

    def _assign(self, one: Assignment, expander: Expander) -> None:
        variables = self.state.variables
        before = variables.get(one.name, "")
        if one.items is not None:
            items = expander.fields(one.items)
            old = before if isinstance(before, list) else [before] if before else []
            variables[one.name] = old + items if one.append else items
            return
        value = expander.text(one.value)
        if one.append and isinstance(before, str):
            value = bounded(before + value)
        variables[one.name] = value

    def _redirections(self, node: Node) -> tuple["list[Redirected]", str | None]:
        if not node.redirections:
            return [], None
        found: list[Redirected] = []
        stdin: str | None = None
        expander = self.expander()
        for one in node.redirections:
            if one.operator in ("<<", "<<-", "<<<"):
                stdin = expander.text(one.target)
                continue
            paths = expander.fields([one.target])
            path = paths[0] if paths else ""
            found.append((one.operator, one.fd, path))
            if one.operator == "<" and one.fd in ("", "0"):
                stdin = self.read(path)
        return found, stdin

    def read(self, path: str) -> str:
        """What a file holds, as far as the line itself says so."""
        if path in ("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"):
            return UNKNOWN if self.state.stdin is None else self.state.stdin
        if path == "/dev/null":
            return ""
        if path.startswith(("/dev/tcp/", "/dev/udp/")):
            return FETCHED
        whole = joined(self.state.cwd, path)
        known = self.state.files.get(whole)
        if known is not None:
            return known
        return SECRET + UNKNOWN if self.world.listener.is_secret(whole) else UNKNOWN

    def write(self, path: str, text: str, append: bool = False) -> None:
        """Remember what the line writes into a file."""
        whole = joined(self.state.cwd, path)
        if whole.startswith("/dev/"):
            return
        before = self.state.files.get(whole, "") if append else ""
        self.state.files[whole] = bounded(before + text)

    def written(self, output: str, redirections: "list[Redirected]") -> str:
        """What is left of the output for the next command."""
        for operator, fd, path in redirections:
            if operator in _EVERYTHING and fd in ("", "1") and path not in ("/dev/stdout", "-"):
                self.write(path, output, operator in (">>", "&>>"))
                return ""
        return output

    def start(
        self,
        argv: list[str],
        env: dict[str, str],
        redirections: "list[Redirected] | None" = None,
        via: tuple[str, ...] = (),
    ) -> str:
        """Run one simple command: alias, function, builtin, wrapper or program; its output."""
        world, state = self.world, self.state
        world.steps += 1
        if world.steps > STEPS or len(via) > LIMIT:
            raise TooDeepError
        name = argv[0]
        if name in state.aliases and name not in world.active:
            return self._named(name, f'{state.aliases[name]} "$@"', argv)
        if name in state.functions and name not in world.active:
            return self._function(name, argv)
        call = Call(argv, state, env, redirections or [], via)
        world.listener.call(call, self)
        known = BUILTINS.get(call.name) or WRAPPERS.get(call.name)
        if known is not None:
            return known(self, call)
        if "/" in name and state.files:
            return self._script(call)
        return output_of(self, call)

    def _script(self, call: Call) -> str:
        """`./x` where the line wrote the file: its text is shell code unless it says otherwise."""
        text = self.state.files.get(joined(self.state.cwd, call.argv[0]))
        first = (text or "").partition("\n")[0]
        if text is None or (first.startswith("#!") and "sh" not in first):
            return output_of(self, call)
        self.world.listener.code(call, text)
        return self.copy().run_text(text, call.argv)

    def _named(self, name: str, text: str, argv: list[str]) -> str:
        self.world.active.append(name)
        output = self.run_text(text, argv)
        self.world.active.pop()
        return output

    def _function(self, name: str, argv: list[str]) -> str:
        state = self.state
        kept, state.arguments = state.arguments, argv
        self.world.active.append(name)
        output = "".join([self.script(body) for body in state.functions[name].bodies])
        self.world.active.pop()
        state.arguments = kept
        return output


def _calls_itself(node: Node, name: str) -> int:
    """How often a function's body names the function as a command."""
    count = 0
    for body in node.bodies:
        for pipeline in body:
            for stage in pipeline.stages:
                first = stage.words[0].bare() if stage.words else ""
                count += (stage.kind == SIMPLE and first == name) + _calls_itself(stage, name)
    return count


def walk(text: str, cwd: str, world: World) -> None:
    """Report every command that `text` would start in the folder `cwd`.

    Raises:
        TooDeepError: it nests beyond all measure, or would run more than STEPS commands.
    """
    Shell(State(cwd), world).run_text(without_markers(text))
    for shell, code in world.at_exit[:LIMIT]:
        shell.run_text(code)
