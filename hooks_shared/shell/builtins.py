"""Commands of the shell itself that change what it knows: folder, variables, aliases, code."""

from hooks_shared.shell.options import first_operand
from hooks_shared.shell.values import UNKNOWN, UNSET, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell


def _cd(shell: "Shell", call: "Call") -> str:
    args = call.args[first_operand(call.args, ()) :]
    state = shell.state
    target = args[0] if args else shell.world.home
    if target.startswith(("+", "-")) and (target == "-" or target[1:].isdigit()):
        target = state.previous
    state.previous, state.cwd = state.cwd, joined(state.cwd, target) if target else state.cwd
    return ""


def _popd(shell: "Shell", call: "Call") -> str:
    state = shell.state
    state.previous, state.cwd = state.cwd, state.previous
    return ""


def _declare(shell: "Shell", call: "Call") -> str:
    """`export`, `declare`, `local`, `readonly`: `export -p` prints the environment."""
    for argument in call.args:
        name, equals, value = argument.partition("=")
        if equals and name.removesuffix("+").isidentifier():
            shell.state.variables[name.removesuffix("+")] = value
    shows = all(one[:1] == "-" for one in call.args)
    return shell.world.environment() if shows else ""


def _read(shell: "Shell", call: "Call") -> str:
    names = call.args[first_operand(call.args, ["-d", "-i", "-n", "-N", "-p", "-t", "-u", "-a"]) :]
    state = shell.state
    line, _, rest = (state.stdin or "").partition("\n")
    known = bool(state.stdin)
    state.stdin = rest if known else state.stdin
    words = line.split(None, max(len(names) - 1, 0)) if len(names) > 1 else [line.strip()]
    for index, name in enumerate(names or ["REPLY"]):
        filled = words[index] if index < len(words) else ""
        state.variables[name] = filled if known else UNSET
    return ""


def _mapfile(shell: "Shell", call: "Call") -> str:
    lines = (shell.state.stdin or UNKNOWN).split("\n")
    if call.args:
        shell.state.variables[call.args[-1]] = [line for line in lines[:64] if line]
    return ""


def _unset(shell: "Shell", call: "Call") -> str:
    for name in call.args:
        if not name.startswith("-"):
            shell.state.variables[name] = ""
            shell.state.functions.pop(name, None)
    return ""


def _set(shell: "Shell", call: "Call") -> str:
    if "--" in call.args:
        after = call.args[call.args.index("--") + 1 :]
        shell.state.arguments = [shell.state.arguments[0], *after]
    return "" if call.args else shell.world.environment()


def _shift(shell: "Shell", call: "Call") -> str:
    arguments = shell.state.arguments
    shell.state.arguments = arguments[:1] + arguments[2:]
    return ""


def _alias(shell: "Shell", call: "Call") -> str:
    aliases = dict(shell.state.aliases)
    for argument in call.args:
        name, equals, value = argument.partition("=")
        if equals:
            aliases[name] = value
    shell.state.aliases = aliases
    return ""


def _eval(shell: "Shell", call: "Call") -> str:
    text = " ".join(call.args)
    shell.world.listener.code(call, text)
    return shell.run_text(text)


def _source(shell: "Shell", call: "Call") -> str:
    if not call.args:
        return ""
    text = shell.read(call.args[0])
    shell.world.listener.code(call, text)
    return shell.run_text(text)


def _trap(shell: "Shell", call: "Call") -> str:
    args = call.args[first_operand(call.args, ()) :]
    if len(args) < 2 or args[0] == "-":
        return ""
    if {"EXIT", "0"} & set(args[1:]):
        shell.world.at_exit.append((shell, args[0]))
        return ""
    return shell.run_text(args[0])


BUILTINS: "dict[str, Callable[[Shell, Call], str]]" = {
    "cd": _cd,
    "pushd": _cd,
    "popd": _popd,
    "export": _declare,
    "declare": _declare,
    "typeset": _declare,
    "local": _declare,
    "readonly": _declare,
    "read": _read,
    "mapfile": _mapfile,
    "readarray": _mapfile,
    "unset": _unset,
    "set": _set,
    "shift": _shift,
    "alias": _alias,
    "eval": _eval,
    "source": _source,
    ".": _source,
    "trap": _trap,
}
