"""Commands inside other commands' arguments: shells, other machines, containers, item by item."""

from hooks_shared.shell.finds import find_commands, find_results
from hooks_shared.shell.options import first_operand
from hooks_shared.shell.state import CONTAINER, REMOTE
from hooks_shared.shell.values import UNKNOWN, normal, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

SHELLS = words("sh bash zsh dash ksh mksh ash fish rbash tcsh csh rksh yash")
_MOST_ITEMS = 24
_SHELL_VALUED = words("-o +o -O +O --rcfile --init-file --init-command")
_SSH_VALUED = words(
    "-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w --ssh-flag --zone --project"
)
_XARGS_VALUED = words(
    "-I -n -P -L -d -E -s -a --arg-file --delimiter --max-args --max-procs --max-lines "
    "--max-chars --eof --replace"
)
_RUN_VALUED = words(
    "-a -c -e -h -l -m -p -u -v -w --add-host --attach --blkio-weight --cap-add "
    "--cap-drop --cgroupns --cidfile --cpus --cpu-shares --cpuset-cpus --device --dns "
    "--entrypoint --env --env-file --expose --gpus --group-add --health-cmd --hostname "
    "--ip --ipc --label --link --log-driver --log-opt --memory --mount --name --network "
    "--net --pid --platform --publish --pull --restart --runtime --security-opt "
    "--shm-size --stop-signal --tmpfs --ulimit --user --userns --uts --volume "
    "--volumes-from --workdir -f --file --project-name --context -H --host --config "
    "--log-level --project-directory --profile --index --detach-keys"
)
_KUBE_VALUED = words(
    "-n -c --namespace --container --context --kubeconfig --cluster --user -s --server"
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
    return _code(shell, call, shell.read(args[start]), args[start:])


def _code(shell: "Shell", call: "Call", code: str, arguments: list[str]) -> str:
    shell.world.listener.code(call, code)
    inner = shell.copy()
    inner.state.variables.update(call.env)
    if code == call.stdin:
        inner.state.stdin = ""  # what is read as code is gone for the commands in it
    return inner.run_text(code, arguments)


def _elsewhere(shell: "Shell", place: str, cwd: str) -> "Shell":
    inner = shell.copy()
    state = inner.state
    state.place, state.cwd, state.mounts = place, cwd, ()
    state.functions, state.files = {}, dict(state.files)
    return inner


def _ssh(shell: "Shell", call: "Call") -> str:
    start = first_operand(call.args, _SSH_VALUED)
    rest = call.args[start + 1 :]
    if rest:  # options may follow the host too
        rest = rest[first_operand(rest, _SSH_VALUED) :]
    inner = _elsewhere(shell, REMOTE, "/home/remote")
    inner.state.variables["HOME"] = "/home/remote"
    code = " ".join(rest) if rest else (call.stdin or "")
    inner.state.stdin = call.stdin if rest else ""
    if code and start < len(call.args):
        inner.run_text(code)
    return UNKNOWN


def _option(args: list[str], *names: str) -> str:
    """The value of an option, however it is attached."""
    for index, argument in enumerate(args):
        name, equals, value = argument.partition("=")
        if name in names:
            return value if equals else "".join(args[index + 1 : index + 2])
    return ""


def _cloud_ssh(shell: "Shell", call: "Call") -> str:
    """`gcloud compute ssh x --command=…`, `fly ssh console -C …`, `vagrant ssh -c …`."""
    code = _option(call.args, "--command", "-C", "-c") if "ssh" in call.args else ""
    if code:
        inner = _elsewhere(shell, REMOTE, "/home/remote")
        inner.run_text(code)
    return UNKNOWN


def _docker(shell: "Shell", call: "Call") -> str:
    args = call.args[first_operand(call.args, _RUN_VALUED) :]
    if args[:1] in (["compose"], ["container"]):
        args = args[1:]
        args = args[first_operand(args, _RUN_VALUED) :]
    if args[:1] not in (["run"], ["exec"]):
        return UNKNOWN
    fresh, args = args[0] == "run", args[1:]
    start = first_operand(args, _RUN_VALUED)
    options, inner_argv = args[:start], args[start + 1 :]
    entry = _option(options, "--entrypoint")
    inner = _elsewhere(shell, CONTAINER if fresh else REMOTE, "/srv/container")
    inner.state.cwd = _option(options, "-w", "--workdir") or inner.state.cwd
    inner.state.mounts = _mounts(options, shell.state.cwd)
    argv = [entry, *inner_argv] if entry else inner_argv
    return inner.start(argv, {}, [], (*call.via, call.name)) if argv else UNKNOWN


def _mounts(options: list[str], cwd: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for index, argument in enumerate(options):
        name, equals, value = argument.partition("=")
        value = value if equals else "".join(options[index + 1 : index + 2])
        if name in ("-v", "--volume"):
            outside, _, inside = value.partition(":")
            if outside[:1] in "/.~" and outside:
                path = outside if outside.startswith("/") else f"{cwd}/{outside}"
                found.append((inside.partition(":")[0] or "/", normal(path)))
        elif name == "--mount":
            fields = dict(one.partition("=")[::2] for one in value.split(","))
            source = fields.get("source") or fields.get("src") or ""
            target = fields.get("target") or fields.get("dst") or fields.get("destination") or "/"
            if source.startswith("/"):
                found.append((target, normal(source)))
    return tuple(found)


def _kubectl(shell: "Shell", call: "Call") -> str:
    start = first_operand(call.args, _KUBE_VALUED)
    if call.args[start : start + 1] != ["exec"]:
        return UNKNOWN
    rest = call.args[start + 1 :]
    if "--" in rest:
        inner_argv = rest[rest.index("--") + 1 :]
    else:
        rest = rest[first_operand(rest, _KUBE_VALUED) :]
        inner_argv = rest[1:]
    inner = _elsewhere(shell, REMOTE, "/srv/container")
    return inner.start(inner_argv, {}, [], (*call.via, call.name)) if inner_argv else UNKNOWN


def _xargs(shell: "Shell", call: "Call") -> str:
    start = first_operand(call.args, _XARGS_VALUED)
    options, argv = call.args[:start], call.args[start:]
    placeholder = _option(options, "-I", "--replace")
    attached = next((one[2:] for one in options if one.startswith("-I") and len(one) > 2), "")
    placeholder = attached or placeholder or ("{}" if "-i" in options else "")
    file = _option(options, "-a", "--arg-file")
    stdin = shell.read(file) if file else call.stdin
    items = _items(UNKNOWN if stdin is None else stdin)
    if not argv:
        return "".join(f"{item}\n" for item in items)
    via = (*call.via, "xargs")
    if not placeholder:
        return shell.start([*argv, *items], {}, [], via)
    output = [
        shell.start([one.replace(placeholder, item) for one in argv], {}, [], via) for item in items
    ]
    return "".join(output)


def _items(text: str) -> list[str]:
    return text.replace("\0", "\n").split()[:_MOST_ITEMS]


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
        code = _option(call.args, *names)
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


def _ansible(shell: "Shell", call: "Call") -> str:
    """`ansible all -m shell -a 'command'`; its default module runs a command too."""
    module = _option(call.args, "-m", "--module-name") or "command"
    if module.rpartition(".")[2] in ("command", "shell", "raw"):
        inner = _elsewhere(shell, REMOTE, "/home/remote")
        inner.run_text(_option(call.args, "-a", "--args"))
    return UNKNOWN


def _flock(shell: "Shell", call: "Call") -> str:
    code = _option(call.args, "-c", "--command")
    if code:
        return shell.run_text(code)
    start = first_operand(call.args, frozenset(("-w", "-E", "--wait")))
    argv = call.args[start + 1 :]
    return shell.start(argv, {}, [], (*call.via, "flock")) if argv else ""


def _crontab(shell: "Shell", call: "Call") -> str:
    """`echo '* * * * * cmd' | crontab -`: what it will run later."""
    for line in (call.stdin or "").split("\n"):
        fields = line.split(None, 5)
        if len(fields) == 6 and not line.lstrip().startswith("#"):
            shell.copy().run_text(fields[5])
    return ""


def _tmux(shell: "Shell", call: "Call") -> str:
    """Whatever argument is a command line of its own."""
    starts = {"new-session", "new", "new-window", "neww", "split-window", "send-keys", "send"}
    if not starts & set(call.args):
        return UNKNOWN
    for argument in call.args:
        if " " in argument:
            shell.copy().run_text(argument)
    return UNKNOWN


def _windows(shell: "Shell", call: "Call") -> str:
    """`cmd /c …`, `powershell -Command …`, `wsl …`."""
    for index, argument in enumerate(call.args):
        if argument.lower() in ("/c", "/k", "-c", "-command", "-e", "--"):
            shell.copy().run_text(" ".join(call.args[index + 1 :]))
            break
    return UNKNOWN


NESTED: "dict[str, Callable[[Shell, Call], str]]" = {
    **dict.fromkeys(SHELLS, _shell),
    **dict.fromkeys(words("ssh mosh autossh slogin"), _ssh),
    **dict.fromkeys(words("gcloud fly flyctl vagrant"), _cloud_ssh),
    **dict.fromkeys(words("docker podman nerdctl docker-compose podman-compose"), _docker),
    **dict.fromkeys(words("kubectl oc k3s kubecolor microk8s"), _kubectl),
    **dict.fromkeys(("xargs", "gxargs"), _xargs),
    **dict.fromkeys(("find", "gfind", "bfs"), _find),
    **dict.fromkeys(("fd", "fdfind"), _fd),
    **dict.fromkeys(("parallel",), _parallel),
    **dict.fromkeys(("tmux", "screen"), _tmux),
    **dict.fromkeys(words("cmd cmd.exe powershell pwsh wsl"), _windows),
    "watch": _joined_code("-n --interval"),
    "hyperfine": _joined_code("-w -r -m -M -s --warmup --runs --shell"),
    "concurrently": _joined_code("-n -c"),
    "ansible": _ansible,
    "su": _option_code("-c", "--command"),
    "script": _option_code("-c", "--command"),
    "nix-shell": _option_code("--run", "--command"),
    "nix": _option_code("-c", "--command"),
    "expect": _option_code("-c"),
    "at": _option_code("-"),
    "batch": _option_code("-"),
    "flock": _flock,
    "crontab": _crontab,
}
