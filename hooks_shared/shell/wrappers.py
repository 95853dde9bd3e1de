"""Programs that start what their arguments name: the command inside is what has to be judged.

Prefixes are rows of a table; the others (shells, ssh, containers, xargs, find) have a function.
"""

import itertools

from hooks_shared.shell.nested import NESTED
from hooks_shared.shell.options import first_operand
from hooks_shared.shell.values import FETCHED, UNKNOWN, joined, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

# Program → subcommand words that must follow ("" none, alternatives by "|"), options with a
# value, operands before the command.
_PREFIXES: dict[str, tuple[str, str, int]] = {
    "sudo": ("", "-u -g -h -p -C -D -R -T -U -r -t --user --group --host --chdir --prompt", 0),
    "sshpass": ("", "-p -f -d -P", 0),
    "wsl": ("", "-d -u --distribution --user --cd", 0),
    "spawn": ("", "", 0),
    "zellij": ("run|r", "", 0),
    "proot": ("", "-r -b -w", 0),
    "bwrap": ("", "", 0),
    "composer": ("exec", "", 0),
    "pipx": ("run", "--spec --python", 0),
    "doas": ("", "-u -C", 0),
    "pkexec": ("", "--user", 0),
    "env": ("", "-u -C --unset --chdir", 0),
    "command": ("", "", 0),
    "builtin": ("", "", 0),
    "exec": ("", "-a", 0),
    "nohup": ("", "", 0),
    "nice": ("", "-n --adjustment", 0),
    "ionice": ("", "-c -n -p --class --classdata", 0),
    "chrt": ("", "", 1),
    "taskset": ("", "", 1),
    "timeout": ("", "-k -s --kill-after --signal", 1),
    "gtimeout": ("", "-k -s --kill-after --signal", 1),
    "time": ("", "-f -o --format --output", 0),
    "gtime": ("", "-f -o --format --output", 0),
    "stdbuf": ("", "-i -o -e --input --output --error", 0),
    "setsid": ("", "", 0),
    "strace": ("", "-e -o -p -s -u -E -P", 0),
    "ltrace": ("", "-e -o -p -s -u", 0),
    "chroot": ("", "", 1),
    "unshare": ("", "", 0),
    "nsenter": ("", "-t --target", 0),
    "fakeroot": ("", "-l -s -i", 0),
    "firejail": ("", "", 0),
    "systemd-run": ("", "-p -u --property --unit -E --setenv --slice -d", 0),
    "systemd-inhibit": ("", "", 0),
    "caffeinate": ("", "-t -w", 0),
    "unbuffer": ("", "", 0),
    "chronic": ("", "", 0),
    "catchsegv": ("", "", 0),
    "rlwrap": ("", "", 0),
    "xvfb-run": ("", "-n -s -e -f -w", 0),
    "dbus-run-session": ("", "", 0),
    "busybox": ("", "", 0),
    "toybox": ("", "", 0),
    "coproc": ("", "", 0),
    "noglob": ("", "", 0),
    "nocorrect": ("", "", 0),
    "sem": ("", "-j --id", 0),
    "tsp": ("", "", 0),
    "entr": ("", "", 0),
    "gosu": ("", "", 1),
    "su-exec": ("", "", 1),
    "setpriv": ("", "--reuid --regid", 0),
    "runuser": ("", "-u -g -G", 0),
    "proxychains": ("", "-f", 0),
    "proxychains4": ("", "-f", 0),
    "torsocks": ("", "", 0),
    "dotenv": ("run|", "-e -f", 0),
    "direnv": ("exec", "", 1),
    "uv": ("run", "--with --python -p --extra --group --env-file --directory --project", 0),
    "uvx": ("", "--from --with --python -p", 0),
    "poetry": ("run", "-C --directory", 0),
    "pipenv": ("run", "", 0),
    "pdm": ("run", "-p", 0),
    "rye": ("run", "", 0),
    "hatch": ("run", "-e", 0),
    "conda": ("run", "-n -p --name --prefix", 0),
    "mamba": ("run", "-n -p --name --prefix", 0),
    "micromamba": ("run", "-n -p --name --prefix", 0),
    "bundle": ("exec", "", 0),
    "npx": ("", "-p --package -w --workspace", 0),
    **dict.fromkeys(("cross-env", "cross-env-shell"), ("", "", 0)),
    **dict.fromkeys(("dotenv-cli", "env-cmd"), ("", "-e -f", 0)),
    **dict.fromkeys(("dotenvx", "foreman", "honcho", "teller", "varlock"), ("run", "-e -f", 0)),
    **dict.fromkeys(("envdir", "s6-setuidgid"), ("", "", 1)),
    "bunx": ("", "", 0),
    "npm": ("exec|x", "-w --workspace -p --package --prefix", 0),
    "pnpm": ("exec|dlx", "-C --dir --filter -F", 0),
    "yarn": ("exec|dlx", "--cwd", 0),
    "mise": ("exec|x", "", 0),
    "asdf": ("exec", "", 0),
    "rtx": ("exec|x", "", 0),
    "aws-vault": ("exec", "-d --duration", 1),
    "op": ("run", "--env-file", 0),
    "doppler": ("run", "-p -c --project --config", 0),
    "infisical": ("run", "--env", 0),
    "chamber": ("exec", "", 1),
    "sops": ("exec-env", "", 1),
    "perf": ("stat|record|trace", "-e -o -F -g", 0),
    "valgrind": ("", "", 0),
    "arch": ("", "", 0),
    "linux64": ("", "", 0),
    "faketime": ("", "", 1),
    "ccache": ("", "", 0),
    "with-contenv": ("", "", 0),
    "tini": ("", "-p -e", 0),
    "dumb-init": ("", "", 0),
    "cgexec": ("", "-g", 0),
    "numactl": ("", "-N -m -C", 0),
}
_VALUED = {name: frozenset(row[1].split()) for name, row in _PREFIXES.items()}


# `yarn rimraf x` runs a package's program; these are its own verbs with a program's name.
_BY_VERSION = ("npx", "bunx", "npm", "pnpm", "yarn", "uvx")
_RUN_BY_NAME = ("yarn", "pnpm")
_OWN_VERBS = words(
    "rm unlink link ln install i add remove un why info view up upgrade update outdated list ls "
    "cache config publish version run workspace workspaces npm plugin create init import pack "
    "patch dedupe prune store audit login env node exec test set"
)


def _prefix(shell: "Shell", call: "Call") -> str:
    """Run what follows the wrapper's own options, assignments and operands."""
    name = call.name
    operands = _PREFIXES[name][2]
    if name == "command" and call.args[:1] in (["-v"], ["-V"]):
        return "".join(f"{one}\n" for one in call.args[1:])
    inner, args = _inner(call)
    env = dict(call.env)
    while inner and _is_assignment(inner[0]):
        key, _, value = inner.pop(0).partition("=")
        env[key] = value
    inner = inner[operands:]
    if inner[:1] == ["--"]:
        inner = inner[1:]
    if not inner:
        return _alone(shell, call, args)
    if name == "uv" and (inner == ["-"] or inner[0].endswith(".py")):
        inner = ["python", *inner]
    if len(inner) == 1 and " " in inner[0]:
        return shell.copy().run_text(inner[0])
    if name in _BY_VERSION and inner[0].startswith(("http://", "https://")):
        shell.world.listener.code(call, FETCHED)
        return UNKNOWN
    if name in _BY_VERSION and "@" in inner[0][1:]:
        inner[0] = inner[0][0] + inner[0][1:].partition("@")[0]
    kept = shell.state.cwd
    _enter(shell, name, call.args)
    output = shell.start(inner, env, [], (*call.via, name))
    if name != "command":
        shell.state.cwd = kept if name != "builtin" else shell.state.cwd
    return output


def _inner(call: "Call") -> tuple[list[str], list[str]]:
    """The command that a wrapper carries, and the wrapper's arguments behind its subcommand."""
    valued, subcommand = _VALUED[call.name], _PREFIXES[call.name][0]
    args = call.args[1:] if call.args[:1] == ["-"] else call.args
    if subcommand:
        args = _behind(args, subcommand.split("|"), valued)
    inner = args[first_operand(args, valued) :] if args else []
    if not inner and call.name in _RUN_BY_NAME:
        inner = call.args[first_operand(call.args, valued) :]
        inner = [] if inner[:1] and inner[0] in _OWN_VERBS else inner
    return inner, args


def _enter(shell: "Shell", name: str, args: list[str]) -> None:
    """Follow `env -C folder`, `sudo -D folder`."""
    wanted = {"env": ("-C", "--chdir"), "sudo": ("-D", "--chdir")}.get(name, ())
    for option, value in itertools.pairwise(args):
        if option in wanted:
            shell.state.cwd = joined(shell.state.cwd, value)
    for argument in args:
        if argument.startswith("--chdir=") and wanted:
            shell.state.cwd = joined(shell.state.cwd, argument[8:])


def _alone(shell: "Shell", call: "Call", args: list[str]) -> str:
    if call.name == "env":
        split = _split_string(args)
        if split:
            return shell.run_text(split)
        return shell.world.environment()
    if call.name in ("sudo", "doas") and call.stdin and {"-s", "-i"} & set(args):
        shell.world.listener.code(call, call.stdin)
        return shell.run_text(call.stdin)
    return UNKNOWN if _PREFIXES[call.name][0] else ""


def _split_string(args: list[str]) -> str:
    """The text of `env -S 'command line'`."""
    for index, argument in enumerate(args):
        if argument in ("-S", "--split-string"):
            return " ".join(args[index + 1 :])
        if argument.startswith("--split-string="):
            return " ".join([argument[15:], *args[index + 1 :]])
        if argument.startswith("-S") and len(argument) > 2:
            return " ".join([argument[2:], *args[index + 1 :]])
    return ""


def _behind(args: list[str], words: list[str], valued: frozenset[str]) -> list[str]:
    """The arguments behind the subcommand; [] where another one stands there."""
    start = first_operand(args, valued)
    if start < len(args) and args[start] in words:
        return args[start + 1 :]
    return args if "" in words else []


def _is_assignment(argument: str) -> bool:
    name, equals, _ = argument.partition("=")
    return bool(equals) and name.isidentifier()


def _env(shell: "Shell", call: "Call") -> str:
    split = _split_string(call.args[:2]) and _split_string(call.args)
    if split:
        return shell.run_text(split)
    return _prefix(shell, call)


WRAPPERS: "dict[str, Callable[[Shell, Call], str]]" = dict.fromkeys(_PREFIXES, _prefix)
WRAPPERS["env"] = _env
WRAPPERS.update(NESTED)
