"""A private `systemd --user` for tests, in mount and process namespaces of its own.

Nothing of the machine is touched but sub-groups in the cgroup hierarchies, which are removed at the
end. The namespace dies with the test process: its first process waits for the end of our pipe.
Signals are told by sockets and named pipes, never by waiting a while.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hubctl.system.process import Completed, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SYSTEMD = "/lib/systemd/systemd"
START_SECONDS = 15.0
GROUP = "hubctl-test-"

# $1 runtime folder, $2 home, $3 ready socket, then pairs: own cgroup folder, mount point.
_INNER = """\
set -e
runtime=$1 home=$2 ready=$3
shift 3
while [ $# -gt 0 ]; do mount --bind "$1" "$2"; shift 2; done
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system
env -i PATH="$PATH" HOME="$home" XDG_RUNTIME_DIR="$runtime" NOTIFY_SOCKET="$ready" \
    %s --user --log-target=console &
read -r _ || exit 0
"""


class UnavailableError(Exception):
    """Why there can be no user manager here; tests skip with this text."""


@dataclass(frozen=True)
class UserManager:
    """A running user manager."""

    home: Path
    runtime: Path
    init: int
    groups: Mapping[str, Path]

    @property
    def unit_dir(self) -> Path:
        return self.home / ".config/systemd/user"

    def runner(
        self,
        args: Sequence[str],
        *,
        timeout: float,
        env: Mapping[str, str] | None = None,
        input: str = "",
        cwd: str | None = None,
    ) -> Completed:
        """`hubctl.system.process.run`, inside the namespaces."""
        # Entering a mount namespace leads to its root folder.
        there = ["env", "-C", cwd or os.getcwd(), *args]
        inside = ["nsenter", "--target", str(self.init), "--mount", "--pid", "--", *there]
        own = {"HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.runtime)}
        kept = {k: v for k, v in (env or os.environ).items() if not k.startswith(("XDG_", "DBUS_"))}
        return run(inside, timeout=timeout, env={**kept, **own}, input=input)

    def systemctl(self, *args: str) -> Completed:
        return self.runner(["systemctl", "--user", *args], timeout=30)

    def shows(self, unit: str, prop: str) -> str:
        """One property of a unit."""
        return self.systemctl("show", "--value", f"--property={prop}", "--", unit).stdout.strip()

    def limits_memory(self) -> bool:
        """Whether units here can have a memory limit."""
        memory = self.groups.get("memory")
        if memory is not None:
            return True
        unified = self.groups.get("")
        controllers = unified / "cgroup.controllers" if unified else Path("/nonexistent")
        return controllers.exists() and "memory" in controllers.read_text().split()


class Pipe:
    """A named pipe that units write lines to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)
        self._file = os.open(path, os.O_RDWR | os.O_NONBLOCK)

    def line(self, seconds: float) -> str:
        """The next line; fails the test where none comes in time."""
        deadline = time.monotonic() + seconds
        text = b""
        while not text.endswith(b"\n"):
            ready, _, _ = select.select([self._file], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise AssertionError(f"nothing was written within {seconds} seconds: {text!r}")
            text += os.read(self._file, 1)
        return text.decode().removesuffix("\n")

    def close(self) -> None:
        os.close(self._file)


@contextlib.contextmanager
def user_manager() -> Iterator[UserManager]:
    """Start a user manager with an empty home; stop it and remove its traces at the end."""
    _require()
    with contextlib.ExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hubctl-sd-")))
        home, runtime = base / "home", base / "run"
        (home / ".config/systemd/user").mkdir(parents=True)
        runtime.mkdir(mode=0o700)
        ready = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        ready.bind(str(base / "ready"))
        mounts = _make_groups()
        stack.callback(_remove_groups, [group for group, _, _ in mounts])
        log = stack.enter_context((base / "log").open("w+b"))
        process = _start([str(runtime), str(home), str(base / "ready")], mounts, log.fileno())
        stack.callback(_stop, process)
        _await_ready(ready, process, base / "log")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        yield UserManager(
            home=home,
            runtime=runtime,
            init=int(children.split()[0]),
            groups={name: group for group, _, names in mounts for name in names},
        )


def _require() -> None:
    if not sys.platform.startswith("linux"):
        raise UnavailableError("a user manager needs Linux")
    if os.geteuid() != 0:
        raise UnavailableError("a private user manager needs root, for its namespaces")
    for program in ("unshare", "nsenter", "mount", "systemctl", SYSTEMD):
        if shutil.which(program) is None:
            raise UnavailableError(f"{program} is not installed")
    tried = run(["unshare", "-m", "-p", "-f", "--mount-proc", "true"], timeout=START_SECONDS)
    if tried.returncode:
        raise UnavailableError(f"namespaces are not permitted here: {tried.complaint}")


def _make_groups() -> list[tuple[Path, str, tuple[str, ...]]]:
    """A sub-group of our own group in each hierarchy: its folder, mount point and controllers."""
    made = []
    for own, point, names in _hierarchies():
        for stale in own.glob(f"{GROUP}*"):
            if not Path(f"/proc/{stale.name.removeprefix(GROUP)}").exists():
                _remove_groups([stale])
        group = own / f"{GROUP}{os.getpid()}"
        try:
            group.mkdir()
        except OSError as error:
            _remove_groups([group for group, _, _ in made])
            raise UnavailableError(f"cgroups cannot be made here: {error}") from error
        made.append((group, point, names))
    return made


def _hierarchies() -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    own = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        own[frozenset(names.removeprefix("name=").split(","))] = path
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        left, _, right = line.partition(" - ")
        root, point = left.split()[3:5]
        kind, _, options = right.split(" ", 2)
        found = {o.removeprefix("name=") for o in options.split(",")} if kind == "cgroup" else {""}
        if kind not in ("cgroup", "cgroup2") or "cpuset" in found:
            continue
        for names, path in own.items():
            if names <= found:
                below = path.removeprefix(root) if root != "/" else path
                yield Path(f"{point}/{below}"), point, tuple(names)


def _remove_groups(groups: Sequence[Path]) -> None:
    for group in groups:
        for folder, _, _ in os.walk(group, topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(folder)


def _start(
    arguments: Sequence[str], mounts: Sequence[tuple[Path, str, tuple[str, ...]]], log: int
) -> subprocess.Popen[bytes]:
    joins = "".join(f'echo $$ > "{group}/cgroup.procs"\n' for group, _, _ in mounts)
    # Our group goes over the mount point of each hierarchy, so that the sub-group has one path in
    # all of them: systemd takes that for granted, else a memory limit silently does nothing.
    pairs = [str(part) for group, point, _ in mounts for part in (group.parent, point)]
    unshare = "exec unshare -m -p -f --kill-child --mount-proc sh -c"
    return subprocess.Popen(
        ["sh", "-ec", f'{joins}{unshare} "$0" sh "$@"', _INNER % SYSTEMD, *arguments, *pairs],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def _await_ready(ready: socket.socket, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    ready.settimeout(0.2)
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(TimeoutError):
            if b"READY=1" in ready.recv(4096):
                return
    raise UnavailableError(f"the user manager does not start: {log.read_text()[-500:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(timeout=START_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
