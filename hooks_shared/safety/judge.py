"""Hears every command of a line and gathers hits: which rule it breaks, and on what.

Programs are looked up in a table of modules that load only when their program is named.
"""

import sys

from hooks_shared.safety.programs import HINTS, LOCAL, PROGRAMS
from hooks_shared.shell.builtins import BUILTINS
from hooks_shared.shell.scan import TooDeepError
from hooks_shared.shell.values import (
    ANY,
    DECODED,
    FETCHED,
    SECRET,
    STAR,
    UNSET,
    has_open,
    is_open,
    shown,
    words,
)
from hooks_shared.shell.walk import Listener, Shell, World, walk
from hooks_shared.shell.wrappers import WRAPPERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.paths import Place
    from hooks_shared.shell.state import Call

_MOST_CALLS = 500


class Hit:
    """One rule that a command breaks.

    Attributes:
        rule: its id. target: what it would hit, for people. path: the same as a path, or "".
        argv: the command.
    """

    __slots__ = ("argv", "path", "rule", "target")

    def __init__(self, rule: str, target: str, path: str, argv: list[str]) -> None:
        self.rule = rule
        self.target = target
        self.path = path
        self.argv = argv


class Judge(Listener):
    """Collects hits over one line.

    Attributes:
        calls: every command, for users' own rules. extra: names of further disposable folders.
        made: folders that the line itself made. moved: where it moved folders that are no
            build output.
        written: (command, path) of files that programs given on the line write.
        files: path → text of what the line writes, as far as that is known.
    """

    def __init__(
        self, home: str, project: str, known: dict[str, str], extra: tuple[str, ...]
    ) -> None:
        self.world = World(home, project, known, self)
        self.extra = extra
        self.hits: list[Hit] = []
        self.calls: list[Call] = []
        self.made: set[str] = set()
        self.moved: set[str] = set()
        self.written: list[tuple[Call, str]] = []
        self.files: dict[str, str] = {}

    def hit(self, rule: str, call: "Call", target: str = "", path: str = "") -> None:
        """Note that `call` breaks `rule`."""
        self.hits.append(Hit(rule, shown(target or " ".join(call.argv)), path, call.argv))

    def place(self, path: str, call: "Call") -> "Place":
        """What a path leads to; a folder that the line made is disposable."""
        from hooks_shared.safety.paths import DISPOSABLE, Place, place_of

        found = place_of(path, call, self.world, self.extra)
        if self.made and any(
            found.path == one or found.path.startswith(one + "/") for one in self.made
        ):
            return Place(DISPOSABLE, found.path)
        return found

    def is_secret(self, path: str) -> bool:
        """Whether a file of this name holds secrets."""
        from hooks_shared.safety.paths import is_secret

        return is_secret(path)

    def forks(self, name: str) -> None:
        """Note a function that starts itself again and again."""
        self.hits.append(Hit("fork-bomb", name, "", [name]))

    def code(self, call: "Call", text: str) -> None:
        """Judge the origin of text that runs as code; what it says is walked anyway."""
        if FETCHED in text:
            self.hit("run-fetched", call)
        elif DECODED in text:
            self.hit("run-decoded", call)
        elif UNSET in text and is_open(text):
            self.hit("run-unknown", call)
        elif "-i" in call.args and call.stdin and is_open(text):
            self.hit("reverse-shell", call)

    def call(self, call: "Call", shell: Shell) -> None:
        """Judge one command: where it writes, what it is, what it is given."""
        self.files = shell.state.files
        if len(self.calls) < _MOST_CALLS:
            self.calls.append(call)
        if call.redirections:
            from hooks_shared.safety.writes import judge_redirections

            judge_redirections(self, call)
        if not call.argv:
            return
        if call.env:
            self._environment(call, shell)
        name = call.name
        modules = PROGRAMS.get(name)
        if modules is None or call.argv[0].startswith("/etc/init.d/"):
            modules = self._by_shape(call, name)
        for module in modules:
            __import__(module)
            sys.modules[module].judge(self, call, shell)
        if SECRET in "".join(call.args) or (call.stdin and SECRET in call.stdin):
            from hooks_shared.safety.secrets import judge_sent

            judge_sent(self, call, shell)

    def _by_shape(self, call: "Call", name: str) -> tuple[str, ...]:
        """Programs with a version in their name, and names that nobody knows."""
        if call.argv[0].startswith("/etc/init.d/"):
            return ("hooks_shared.safety.unknown",)
        if name.startswith(("python", "mkfs.", "pip", "ruby", "perl", "php")):
            stem = name.rstrip("0123456789.") if not name.startswith("mkfs") else "mkfs"
            return PROGRAMS.get(stem, ())
        lowered = name.lower()
        if lowered != name and lowered in PROGRAMS:  # Windows does not care
            return tuple(one for one in PROGRAMS[lowered] if one.endswith(_CASELESS))
        if has_open(call.argv[0]) or STAR in name or ANY in name:
            return ("hooks_shared.safety.unknown",)
        if name in LOCAL or name in WRAPPERS or name in BUILTINS:
            return ()
        said = " ".join(call.argv[:8]).lower()
        return _BY_WORDS if any(hint in said for hint in HINTS) else ()

    def _environment(self, call: "Call", shell: Shell) -> None:
        for name, value in call.env.items():
            if name in _KILL_SWITCHES and value:
                self.hit("hooks-switched-off", call, f"{name}={value}")
            elif name in _SKIPPING and call.name == "git" and value not in ("", "1"):
                if {"commit", "push", "merge", "rebase"} & set(call.args):
                    self.hit("git-no-verify", call, f"{name}={value}")
            elif name.startswith("GIT_CONFIG_KEY_") and value.lower() == "core.hookspath":
                self.hit("git-hooks-path", call)
            elif name in _CODE_VARIABLES and value:
                shell.copy().run_text(value)


_CASELESS = (".windows", ".removals")
_BY_WORDS = ("hooks_shared.safety.verbs",)
_KILL_SWITCHES = frozenset(("HUBCTL_HOOKS", "HUBCTL_HOOKS_OFF"))
_SKIPPING = frozenset(("HUSKY", "LEFTHOOK", "PRE_COMMIT", "OVERCOMMIT_DISABLE", "SKIP"))
_CODE_VARIABLES = words(
    "GIT_SSH_COMMAND GIT_EDITOR GIT_SEQUENCE_EDITOR GIT_PAGER PAGER EDITOR VISUAL "
    "PROMPT_COMMAND GIT_EXTERNAL_DIFF GIT_ASKPASS BASH_ENV MANPAGER LESSOPEN"
)


def judge_line(text: str, cwd: str, judge: Judge) -> Judge:
    """`judge`, after it heard every command that `text` would start in the folder `cwd`."""
    try:
        walk(text, cwd, judge.world)
    except (TooDeepError, RecursionError):
        judge.hits.append(Hit("too-complex", shown(text), "", []))
    return judge
