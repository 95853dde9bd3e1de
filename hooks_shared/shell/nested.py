"""Commands inside other commands' arguments: shells, one by one, at times, in terminals."""

from hooks_shared.shell.elsewhere import ELSEWHERE, option_of
from hooks_shared.shell.finds import find_commands, find_results
from hooks_shared.shell.options import first_operand
from hooks_shared.shell.values import DECODED, UNKNOWN, UNSET, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

SHELLS = words("sh bash zsh dash ksh mksh ash fish rbash tcsh csh rksh yash nu xonsh elvish osh")
_MOST_ITEMS = 24
_SHELL_VALUED = words("-o +o -O +O --rcfile --init-file --init-command")
_XARGS_VALUED = words(
    "-I -n -P -L -d -E -s -a --arg-file --delimiter --max-args --max-procs --max-lines "
    "--max-chars --eof --replace"
)


def _shell(shell: "Shell", call: "Call") -> str:
    """`sh -c code`, `sh file`, `sh < code`."""
    args = call.args
    start = first_operand(args, _SHELL_VALUED)
    clusters = [one for one in args[:start] if one[:1] == "-" and one[:2] != "--"]
    if any("c" in one for one in clusters) or "--command" in args[:start]:
        code = args[start] if start < len(args) else ""
        rest = args[start + 1 :] or [call.name]
        return _code(shell, call, code, rest)
    reads = start >= len(args) or any("s" in one for one in clusters)
    if {"--version", "--help", "-n"} & set(args[:start]):
        return ""
    if reads or args[start] in ("-", "/dev/stdin", "/dev/fd/0"):
        return _code(shell, call, call.stdin or "", [call.name, *args[start:]])
    text = shell.read(args[start])
    if text == UNKNOWN:  # a script that lies there: its name may say what it does
        return shell.start(args[start:], {}, [], (*call.via, call.name))
    return _code(shell, call, text, args[start:])


def _code(shell: "Shell", call: "Call", code: str, arguments: list[str]) -> str:
    shell.world.listener.code(call, code)
    inner = shell.copy()
    inner.state.variables.update(call.env)
    if code == call.stdin:
        inner.state.stdin = ""  # what is read as code is gone for the commands in it
    return inner.run_text(code, arguments)


def _xargs(shell: "Shell", call: "Call") -> str:
    start = first_operand(call.args, _XARGS_VALUED)
    options, argv = call.args[:start], call.args[start:]
    placeholder = option_of(options, "-I", "--replace")
    attached = next((one[2:] for one in options if one.startswith("-I") and len(one) > 2), "")
    placeholder = attached or placeholder or ("{}" if "-i" in options else "")
    file = option_of(options, "-a", "--arg-file")
    stdin = shell.read(file) if file else call.stdin
    items = _items(UNKNOWN if stdin is None else stdin, "\n" if placeholder else None)
    if not argv:
        return "".join(f"{item}\n" for item in items)
    via = (*call.via, "xargs")
    if not placeholder:
        return shell.start([*argv, *items], {}, [], via)
    output = [
        shell.start([one.replace(placeholder, item) for one in argv], {}, [], via) for item in items
    ]
    return "".join(output)


def _items(text: str, separator: str | None = None) -> list[str]:
    """Words, or lines where each is put in for a placeholder."""
    found = text.replace("\0", "\n").split(separator)
    return [one for one in (item.strip() for item in found) if one][:_MOST_ITEMS]


def _parallel(shell: "Shell", call: "Call") -> str:
    args = call.args[first_operand(call.args, words("-j -a -n -N -S --jobs --arg-file")) :]
    items: list[str] = []
    if ":::" in args:
        cut = args.index(":::")
        args, items = args[:cut], args[cut + 1 :]
    else:
        items = (call.stdin or UNKNOWN).split("\n")
    for item in [one for one in items if one][:_MOST_ITEMS]:
        joined = " ".join(args) or item
        code = joined.replace("{}", item) if "{}" in joined or not args else f"{joined} {item}"
        shell.copy().run_text(code)
    return UNKNOWN


def _find(shell: "Shell", call: "Call") -> str:
    results = find_results(call.args)
    for command in find_commands(call.args):
        for path in results:
            argv = [one.replace("{}", path) for one in command]
            shell.start(argv, {}, [], (*call.via, "find"))
    return "".join(f"{path}\n" for path in results)


def _fd(shell: "Shell", call: "Call") -> str:
    from hooks_shared.shell.finds import fd_results

    results, command = fd_results(call.args)
    for path in results if command else ():
        given = "".join(command)
        argv = [one.replace("{}", path).replace("{/}", path) for one in command]
        shell.start(argv if "{" in given else [*argv, path], {}, [], (*call.via, "find"))
    return "".join(f"{path}\n" for path in results)


def _joined_code(valued: str, skip: int = 0) -> "Callable[[Shell, Call], str]":
    """A program that hands its joined operands to a shell: `watch`, `hyperfine`."""
    options = frozenset(valued.split())

    def run(shell: "Shell", call: "Call") -> str:
        operands = call.args[first_operand(call.args, options) :][skip:]
        if operands:
            shell.copy().run_text(" ".join(operands))
        return UNKNOWN

    return run


def _option_code(*names: str) -> "Callable[[Shell, Call], str]":
    """A program with an option that takes shell code: `su -c`, `script -c`, `nix-shell --run`."""

    def run(shell: "Shell", call: "Call") -> str:
        code = option_of(call.args, *names)
        if not code:
            clusters = [one for one in call.args if one[:1] == "-" and one.endswith("c")]
            after = call.args.index(clusters[0]) + 1 if clusters and "-c" in names else -1
            code = "".join(call.args[after : after + 1]) if after > 0 else ""
        if not code and call.name in ("su", "batch", "at"):
            code = call.stdin or ""
        if code:
            shell.copy().run_text(code)
        return UNKNOWN

    return run


def _nix(shell: "Shell", call: "Call") -> str:
    """`nix develop -c git clean`: all words behind the option are the command."""
    for index, argument in enumerate(call.args):
        if argument in ("-c", "--command"):
            argv = call.args[index + 1 :]
            return shell.copy().start(argv, {}, [], (*call.via, "nix")) if argv else UNKNOWN
    return UNKNOWN


def _flock(shell: "Shell", call: "Call") -> str:
    code = option_of(call.args, "-c", "--command")
    if code:
        return shell.run_text(code)
    start = first_operand(call.args, frozenset(("-w", "-E", "--wait")))
    argv = call.args[start + 1 :]
    return shell.start(argv, {}, [], (*call.via, "flock")) if argv else ""


def _crontab(shell: "Shell", call: "Call") -> str:
    """`echo '* * * * * cmd' | crontab -`: what it will run later."""
    for line in (call.stdin or "").split("\n"):
        fields = line.split(None, 1 if line[:1] == "@" else 5)
        if len(fields) == (2 if line[:1] == "@" else 6) and not line.lstrip().startswith("#"):
            shell.copy().run_text(fields[-1])
    return ""


_STARTS = (
    "new-session",
    "new",
    "new-window",
    "neww",
    "split-window",
    "splitw",
    "send-keys",
    "send",
)
_TMUX_VALUED = words("-s -n -c -t -x -y -e -F -l -p -S -T -h -X")


def _tmux(shell: "Shell", call: "Call") -> str:
    """What a new window runs, as words or as one line, and the keys sent to one."""
    args = call.args
    if call.name == "tmux":
        verb = next((index for index, one in enumerate(args) if one in _STARTS), len(args))
        args = args[verb + 1 :]
    argv = args[first_operand(args, _TMUX_VALUED) :]
    if len(argv) == 1 or "send" in " ".join(call.args[:4]):
        for one in argv:
            shell.copy().run_text(one)
    elif argv:
        shell.copy().start(argv, {}, [], (*call.via, call.name))
    return UNKNOWN


def _tcl(shell: "Shell", call: "Call") -> str:
    """`tclsh`: words as a shell has them; `exec` starts a program."""
    code = shell.read(call.args[0]) if call.args else call.stdin or ""
    code = code.replace("file delete -force", "rm -rf").replace("file delete", "rm")
    return shell.copy().run_text(code) if code else UNKNOWN


def _windows(shell: "Shell", call: "Call") -> str:
    """`cmd /c …`, `powershell -Command …`, `wsl …`; a backslash parts folders there."""
    code = call.stdin or ""
    for index, argument in enumerate(call.args):
        lowered = argument.lower()
        if lowered.startswith(("-enc", "-ec")):
            shell.world.listener.code(call, DECODED)
            return UNKNOWN
        if lowered in ("/c", "/k", "-c", "-command", "-e", "--"):
            code = " ".join(call.args[index + 1 :])
            break
    else:
        code = code or " ".join(call.args if call.name == "powershell" else [])
    if code:
        inner = shell.copy()
        inner.state.variables["env:USERPROFILE"] = shell.world.home
        plain = code.replace("\\", "/").replace(" (", " $(")
        for piece in plain.split("]::Delete")[
            1:_MOST_ITEMS
        ]:  # `[IO.Directory]::Delete("x", $true)`
            quoted = piece.replace("'", '"').split('"')
            inner.start(["rm", "-rf", "".join(quoted[1:2])], {}, [], call.via)
        inner.run_text(plain.replace("$_.FullName", "$_").replace("$env:USERPROFILE", "$HOME"))
    return UNKNOWN


def _as_git(shell: "Shell", call: "Call") -> str:
    """`pass git push`, `chezmoi git -- reset`, `yadm reset`, `vcsh repo reset`."""
    rest = [one for one in call.args if one != "--"]
    if call.name in ("pass", "gopass", "chezmoi"):
        rest = rest[1:] if rest[:1] == ["git"] else []
    elif call.name == "vcsh":
        rest = rest[1:]
    return shell.start(["git", *rest], {}, [], (*call.via, call.name)) if rest else UNKNOWN


def _for_each(shell: "Shell", call: "Call") -> str:
    """`… | ForEach-Object { Remove-Item $_ }`: its block has come as words."""
    argv = [one for one in call.args if one not in ("{", "}")]
    items = _items(call.stdin or UNKNOWN)
    if argv and argv[0] != "-Process":
        shell.start(
            [item for one in argv for item in (items if one == UNSET else [one])], {}, [], call.via
        )
    return UNKNOWN


NESTED: "dict[str, Callable[[Shell, Call], str]]" = {
    **ELSEWHERE,
    **dict.fromkeys(SHELLS, _shell),
    **dict.fromkeys(("xargs", "gxargs"), _xargs),
    **dict.fromkeys(("find", "gfind", "bfs"), _find),
    **dict.fromkeys(("fd", "fdfind"), _fd),
    **dict.fromkeys(("parallel",), _parallel),
    **dict.fromkeys(("tmux", "screen"), _tmux),
    **dict.fromkeys(words("cmd powershell pwsh"), _windows),
    **dict.fromkeys(words("ForEach-Object foreach-object %"), _for_each),
    **dict.fromkeys(("tclsh", "wish"), _tcl),
    **dict.fromkeys(words("pass gopass chezmoi yadm vcsh"), _as_git),
    "watch": _joined_code("-n --interval"),
    "hyperfine": _joined_code("-w -r -m -M -s --warmup --runs --shell"),
    "concurrently": _joined_code("-n -c"),
    "su": _option_code("-c", "--command"),
    "script": _option_code("-c", "--command"),
    "nix-shell": _option_code("--run", "--command"),
    "nix": _nix,
    "expect": _option_code("-c"),
    "at": _option_code("-"),
    "batch": _option_code("-"),
    "flock": _flock,
    "crontab": _crontab,
}
