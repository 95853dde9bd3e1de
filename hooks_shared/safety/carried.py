"""Options whose value is a command: `tar --checkpoint-action=exec=…`, `vim -c '!…'`, `man -P …`.

Owns those options; what stands in them is walked as shell code, and an editor's own commands that
empty a file are judged here.
"""

from hooks_shared.shell.options import Options
from hooks_shared.shell.values import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

# Program → options, then what must stand before the command in the value ("" nothing).
_ROWS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    **dict.fromkeys(
        ("tar", "gtar", "bsdtar"),
        (("--checkpoint-action", "-I", "--use-compress-program", "--to-command", "-F",
          "--info-script", "--new-volume-script", "--rsh-command"), ("exec=", "")),
    ),
    "rsync": (("-e", "--rsh", "--rsync-path"), ("",)),
    **dict.fromkeys(("ssh", "scp", "sftp"),
                    (("-o",), ("ProxyCommand=", "LocalCommand=", "KnownHostsCommand=",
                               "ProxyCommand ", "LocalCommand "))),
    "man": (("-P", "--pager", "-H"), ("",)),
    "zip": (("-TT", "--unzip-command"), ("",)),
    "sort": (("--compress-program",), ("",)),
    "split": (("--filter",), ("",)),
    **dict.fromkeys(("vim", "vi", "nvim", "ex", "view", "vimdiff"),
                    (("-c", "--cmd", "-sc", "-S", "-es", "-cmd"), (":!", "!", ":%!", "%!",
                                                                   ":silent !"))),
    **dict.fromkeys(("gdb", "lldb"), (("-ex", "-iex", "-o"), ("shell ", "!", "platform shell "))),
    "sqlite3": (("-cmd",), (".shell ", ".system ")),
    "psql": (("-c", "--command"), ("\\! ",)),
    "mysql": (("--pager", "-e", "--execute"), ("\\! ", "system ")),
    "tcpdump": (("-z",), ("",)),
    "nmap": (("--script",), ("os.execute",)),
    "docker": (("--health-cmd",), ("",)),
    "fzf": (("--preview", "--bind"), ("execute(", "")),
    "xterm": (("-e",), ("",)),
    **dict.fromkeys(("gnome-terminal", "konsole", "alacritty", "kitty"),
                    (("-e", "--command"), ("",))),
    "emacs": (("--eval", "-eval"), ()),
}  # fmt: skip
PROGRAMS = (*_ROWS, "ed")
_EMPTYING = words("%d :%d ,d 1,$d %d|x %d|wq d|x %d|w")
_LISP = ("delete-directory", "delete-file", "shell-command", "call-process")


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry."""
    if call.name == "ed":
        _edited(judge, call, (call.stdin or "").split("\n"))
        return
    options, starts = _ROWS[call.name]
    values = _values(call.args, options)
    if call.name in ("vim", "vi", "nvim", "ex"):
        values += [one[1:] for one in call.args if one[:1] == "+"]
        _edited(judge, call, values)
    if call.name in ("sqlite3", "psql", "mysql"):
        values += [*call.args, *(call.stdin or "").split("\n")[:64]]
    if call.name == "emacs" and any(one in value for value in values for one in _LISP):
        judge.hit("run-unknown", call)
    for value in values:
        start = next((one for one in starts if value.startswith(one)), None)
        if start is not None and value[len(start) :].strip():
            shell.copy().run_text(value[len(start) :])


def _values(args: list[str], names: tuple[str, ...]) -> list[str]:
    """Values of these options, attached with `=` or standing behind."""
    found: list[str] = []
    for index, argument in enumerate(args):
        name, equals, value = argument.partition("=")
        if name in names:
            found.append(value if equals else "".join(args[index + 1 : index + 2]))
    return found


def _edited(judge: "Judge", call: "Call", commands: list[str]) -> None:
    """An editor told to delete every line of a file."""
    from hooks_shared.safety.writes import judge_emptied

    if any(one.strip().lstrip(":").partition("|")[0] in _EMPTYING for one in commands):
        for path in Options(call.args, ("-c", "--cmd", "-sc", "-S")).operands:
            if path[:1] != "+":
                judge_emptied(judge, call, path)
