"""Commands that other machines and containers run: ssh, docker, kubectl, ansible and their kin."""

from hooks_shared.shell.options import first_operand
from hooks_shared.shell.state import CONTAINER, REMOTE
from hooks_shared.shell.values import UNKNOWN, normal, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_MOST_PIECES = 24
# Images that are a program: what follows them are its arguments.
_IMAGES = {
    **{name: name for name in ("git", "kubectl", "terraform", "helm", "rclone", "ansible", "psql")},
    "aws-cli": "aws",
    "s3cmd": "s3cmd",
    "mc": "mc",
}
_SSH_VALUED = words(
    "-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w --ssh-flag --zone --project"
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


def elsewhere(shell: "Shell", place: str, cwd: str) -> "Shell":
    """A shell on another machine: its folder is `cwd`, and functions of here are unknown there."""
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
    inner = elsewhere(shell, REMOTE, "/home/remote")
    inner.state.variables["HOME"] = "/home/remote"
    code = " ".join(rest) if rest else (call.stdin or "")
    inner.state.stdin = call.stdin if rest else ""
    if code and start < len(call.args):
        inner.run_text(code)
    return UNKNOWN


def option_of(args: list[str], *names: str) -> str:
    """The value of an option, however it is attached."""
    for index, argument in enumerate(args):
        name, equals, value = argument.partition("=")
        if name in names:
            return value if equals else "".join(args[index + 1 : index + 2])
    return ""


def _cloud_ssh(shell: "Shell", call: "Call") -> str:
    """`gcloud compute ssh x --command=…`, `fly ssh console -C …`, `vagrant ssh -c …`."""
    code = (
        option_of(call.args, "--command", "-C", "-c", "--ssh-command") if "ssh" in call.args else ""
    )
    if not code and "ssh" in call.args and "--" in call.args:
        code = " ".join(call.args[call.args.index("--") + 1 :])
    if code:
        inner = elsewhere(shell, REMOTE, "/home/remote")
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
    entry = option_of(options, "--entrypoint")
    inner = elsewhere(shell, CONTAINER if fresh else REMOTE, "/srv/container")
    inner.state.cwd = option_of(options, "-w", "--workdir") or inner.state.cwd
    inner.state.mounts = _mounts(options, shell.state.cwd)
    image = "".join(args[start : start + 1]).partition(":")[0].rpartition("/")[2]
    entry = entry or _IMAGES.get(image, "")
    argv = [entry, *inner_argv] if entry else inner_argv
    return inner.start(argv, {}, [], (*call.via, call.name)) if argv else UNKNOWN


def _mounts(options: list[str], cwd: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for index, argument in enumerate(options):
        name, equals, value = argument.partition("=")
        value = value if equals else "".join(options[index + 1 : index + 2])
        if name in ("-v", "--volume"):
            outside, _, inside = value.partition(":")
            found.append((inside.partition(":")[0] or "/", _source(outside, cwd)))
        elif name == "--mount":
            fields = dict(one.partition("=")[::2] for one in value.split(","))
            source = fields.get("source") or fields.get("src") or ""
            target = fields.get("target") or fields.get("dst") or fields.get("destination") or "/"
            found.append((target, _source(source, cwd)))
    return tuple(one for one in found if one[1])


def _source(name: str, cwd: str) -> str:
    """Where on this machine what is mounted lies; a named volume has a place of its own."""
    if not name or name[:1] == "/":
        return name and normal(name)
    return normal(f"{cwd}/{name}") if name[:1] in ".~" else f"/volumes/{name}"


def _kubectl(shell: "Shell", call: "Call") -> str:
    start = first_operand(call.args, _KUBE_VALUED)
    if call.args[start : start + 1] not in (["exec"], ["rsh"]):
        return UNKNOWN
    rest = call.args[start + 1 :]
    if "--" in rest:
        inner_argv = rest[rest.index("--") + 1 :]
    else:
        rest = rest[first_operand(rest, _KUBE_VALUED) :]
        inner_argv = rest[1:]
    inner = elsewhere(shell, REMOTE, "/srv/container")
    return inner.start(inner_argv, {}, [], (*call.via, call.name)) if inner_argv else UNKNOWN


def _ansible(shell: "Shell", call: "Call") -> str:
    """`ansible all -m shell -a 'command'`; its default module runs a command too."""
    module = (option_of(call.args, "-m", "--module-name") or "command").rpartition(".")[2]
    given = option_of(call.args, "-a", "--args")
    inner = elsewhere(shell, REMOTE, "/home/remote")
    if module in ("command", "shell", "raw"):
        inner.run_text(given.removeprefix("cmd="))
    elif module in ("reboot", "shutdown"):
        inner.start(["reboot"], {}, [], (*call.via, call.name))
    elif module == "file" and "state=absent" in given:
        fields = dict(one.partition("=")[::2] for one in given.split())
        path = fields.get("path") or fields.get("dest") or fields.get("name") or ""
        inner.start(["rm", "-rf", path], {}, [], (*call.via, call.name))
    return UNKNOWN


def _heroku(shell: "Shell", call: "Call") -> str:
    """`heroku run 'command line'`; what follows is joined."""
    args = call.args[first_operand(call.args, words("-a --app -r --remote")) :]
    if args[:1] not in (["run"], ["run:detached"]):
        return UNKNOWN
    rest = args[1:]
    rest = rest[first_operand(rest, words("-a --app -r --remote -s --size -e --env")) :]
    if "-a" in rest:
        rest = rest[: rest.index("-a")]
    return elsewhere(shell, REMOTE, "/app").run_text(" ".join(rest))


def _many_machines(shell: "Shell", call: "Call") -> str:
    """`pssh -h hosts 'command'`, `pdsh -w nodes command`, `clush -a 'command'`."""
    args = call.args[first_operand(call.args, words("-h -H -w -g -l -t -p -x -o -e -u -R -X")) :]
    return elsewhere(shell, REMOTE, "/home/remote").run_text(" ".join(args)) if args else UNKNOWN


def _adb(shell: "Shell", call: "Call") -> str:
    """`adb -s phone shell command`."""
    args = call.args[first_operand(call.args, words("-s -t -H -P")) :]
    if args[:1] != ["shell"] or len(args) < 2:
        return UNKNOWN
    return elsewhere(shell, REMOTE, "/phone").run_text(" ".join(args[1:]))


def _salt(shell: "Shell", call: "Call") -> str:
    """`salt '*' cmd.run 'command'`."""
    if "cmd.run" in call.args:
        inner = elsewhere(shell, REMOTE, "/home/remote")
        inner.run_text(" ".join(call.args[call.args.index("cmd.run") + 1 :]))
    return UNKNOWN


def _behind_dashes(shell: "Shell", call: "Call") -> str:
    """`lxc exec web -- command`, `multipass exec vm -- command`, `limactl shell vm command`."""
    args = call.args
    words = {"exec", "shell", "ssh", "run", "enter", "rsh"} & set(args[:3])
    if not words:
        return UNKNOWN
    if "--" in args:
        argv = args[args.index("--") + 1 :]
    else:
        argv = args[args.index(words.pop()) + 1 :]
        argv = [one for one in argv[1:] if one[:1] != "-"] if len(argv) > 1 else argv
    inner = elsewhere(shell, REMOTE, "/srv/container")
    if len(argv) == 1:
        inner.run_text(argv[0])
    elif argv:
        inner.start(argv, {}, [], (*call.via, call.name))
    return UNKNOWN


def _quoted_code(*names: str) -> "Callable[[Shell, Call], str]":
    """An option with code among brackets and quotes: `--parameters 'commands=["…"]'`."""

    def run(shell: "Shell", call: "Call") -> str:
        text = option_of(call.args, *names)
        for piece in (text.split('"')[1::2] if '"' in text else [text.rpartition("=")[2]])[
            :_MOST_PIECES
        ]:
            elsewhere(shell, REMOTE, "/home/remote").run_text(piece)
        return UNKNOWN

    return run


def _within(shell: "Shell", call: "Call") -> str:
    """`microk8s kubectl …`, `minikube kubectl -- …`."""
    if call.args[:1] != ["kubectl"]:
        return _behind_dashes(shell, call)
    rest = [one for one in call.args[1:] if one != "--"]
    return shell.start(["kubectl", *rest], {}, [], (*call.via, call.name))


ELSEWHERE: "dict[str, Callable[[Shell, Call], str]]" = {
    **dict.fromkeys(words("ssh mosh autossh slogin"), _ssh),
    **dict.fromkeys(words("gcloud fly flyctl vagrant cf eb doctl"), _cloud_ssh),
    **dict.fromkeys(words("docker podman nerdctl docker-compose podman-compose"), _docker),
    **dict.fromkeys(words("kubectl oc kubecolor"), _kubectl),
    "ansible": _ansible,
    "salt": _salt,
    "adb": _adb,
    **dict.fromkeys(words("pssh parallel-ssh pdsh clush fab dsh mussh"), _many_machines),
    "heroku": _heroku,
    "aws": _quoted_code("--parameters", "--command"),
    "az": _quoted_code("--scripts", "--exec-command"),
    **dict.fromkeys(("minikube", "microk8s", "k3s"), _within),
    **dict.fromkeys(
        words(
            "lxc incus multipass limactl lima colima toolbox distrobox machinectl pct "
            "podman-machine orb docker-machine nomad"
        ),
        _behind_dashes,
    ),
}
