"""Runs one program for a hook: bytes in, bytes out, a deadline, and nothing left running.

`subprocess` alone costs a hook's whole budget at import, so this starts processes itself. A child
gets no secret of the session's environment and none of our descriptors.
"""

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from select import poll

_SLICE = 0.05  # seconds after which a silent child is looked at
_NOISE = 8 << 10  # bytes of its stderr that are kept
_SECRET = ("KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "CLAUDE_CODE_MESSAGING")


class Ended:
    """How a program ended.

    Attributes:
        code: exit code, negative for a signal. late: whether the deadline ended it.
        stdout, stderr: what it wrote; of stderr the beginning.
    """

    __slots__ = ("code", "late", "stderr", "stdout")

    def __init__(self, code: int, late: bool, stdout: bytes, stderr: bytes) -> None:
        self.code = code
        self.late = late
        self.stdout = stdout
        self.stderr = stderr


def run(
    command: list[str], folder: str, seconds: float, given: bytes = b"", most: int = 8 << 20
) -> "Ended | None":
    """Run `command` (its program an absolute path) in `folder`, with `given` as its input.

    Returns:
        How it ended; more than `most` bytes of output end it early with `late` set. None where
        it cannot be started at all.
    """
    deadline = time.monotonic() + seconds
    pipes: list[int] = []
    try:
        for _ in range(3):
            pipes += os.pipe()
        process = _spawn(command, folder, pipes)
        for end in (pipes[0], pipes[3], pipes[5]):
            os.close(end)
            pipes.remove(end)
    except (OSError, ValueError):
        for end in pipes:
            os.close(end)
        return None
    return _Exchange(process, pipes, given, most).until(deadline)


def _spawn(command: list[str], folder: str, pipes: list[int]) -> int:
    """Start the child in a process group of its own; a spawn has no working folder of its own."""
    for number in range(3, 10):
        _keep_private(number)
    back = os.open(".", os.O_RDONLY | os.O_CLOEXEC)
    limits = _lift_memory_bound()
    try:
        os.chdir(folder)
        return os.posix_spawn(
            command[0],
            command,
            environment(dict(os.environ)),
            file_actions=[
                (os.POSIX_SPAWN_DUP2, pipes[0], 0),
                (os.POSIX_SPAWN_DUP2, pipes[3], 1),
                (os.POSIX_SPAWN_DUP2, pipes[5], 2),
            ],
            setpgroup=0,
            setsigdef=(13,),  # SIGPIPE, which Python ignores and a child would inherit ignored
        )
    finally:
        os.fchdir(back)
        os.close(back)
        _set_memory_bound(limits)


def environment(ours: dict[str, str]) -> dict[str, str]:
    """`ours` without what a formatter or its plugins have no business to read."""
    kept = {name: text for name, text in ours.items() if not any(s in name for s in _SECRET)}
    kept["NO_COLOR"] = "1"
    return kept


def _keep_private(number: int) -> None:
    """A launcher's descriptor in a child that outlives us would keep the client waiting."""
    try:
        os.set_inheritable(number, False)
    except OSError:
        return


def _lift_memory_bound() -> tuple[int, int] | None:
    """Our own bound would be the child's too, and a JavaScript engine does not start with it."""
    try:
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
    except (ImportError, OSError, ValueError):
        return None
    return soft, hard


def _set_memory_bound(limits: tuple[int, int] | None) -> None:
    if limits:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, limits)


class _Exchange:
    """One running child: feeds it, gathers what it writes, and always ends it."""

    def __init__(self, process: int, pipes: list[int], given: bytes, most: int) -> None:
        self.process = process
        self.stdin, self.stdout, self.stderr = pipes
        self.given = memoryview(given)
        self.room = most
        self.texts: dict[int, bytearray] = {self.stdout: bytearray(), self.stderr: bytearray()}
        self.open = set(pipes)
        self.code: int | None = None

    def until(self, deadline: float) -> Ended:
        """Exchange until the child has ended or the deadline has passed."""
        try:
            late = not self._finishes(deadline)
        finally:
            for end in tuple(self.open):
                self._close(end)
            self._end()
        texts = bytes(self.texts[self.stdout]), bytes(self.texts[self.stderr])
        return Ended(self.code if self.code is not None else -9, late, *texts)

    def _finishes(self, deadline: float) -> bool:
        watch = self._watch()
        while (left := deadline - time.monotonic()) > 0 and self.room >= 0:
            ready = watch.poll(min(left, _SLICE) * 1000) if self.open else []
            for end, _ in ready:
                self._serve(end)
                if end not in self.open:
                    watch.unregister(end)
            # A grandchild may hold the pipes for ever; the program itself has ended.
            if not ready and self._has_ended(wait=not self.open):
                return True
        return False

    def _watch(self) -> "poll":
        import select

        watch = select.poll()
        for end in self.open:
            os.set_blocking(end, False)
            watch.register(end, select.POLLOUT if end == self.stdin else select.POLLIN)
        if not self.given:
            watch.unregister(self.stdin)
            self._close(self.stdin)
        return watch

    def _serve(self, end: int) -> None:
        try:
            if end == self.stdin:
                self.given = self.given[os.write(end, self.given[: 64 << 10]) :]
                done = not self.given
            else:
                done = not self._take(end)
        except BlockingIOError:
            return
        except OSError:  # it does not want the rest of its input
            done = True
        if done:
            self._close(end)

    def _take(self, end: int) -> bool:
        part = os.read(end, 64 << 10)
        text = self.texts[end]
        if end == self.stdout:
            self.room -= len(part)
            text += part
        else:
            text += part[: max(0, _NOISE - len(text))]
        return bool(part)

    def _close(self, end: int) -> None:
        self.open.discard(end)
        os.close(end)

    def _has_ended(self, wait: bool) -> bool:
        if wait:
            time.sleep(0.001)
        process, status = os.waitpid(self.process, os.WNOHANG)
        if process:
            self.code = os.waitstatus_to_exitcode(status)
        return bool(process)

    def _end(self) -> None:
        if self.code is None:
            try:
                os.killpg(self.process, 9)
            except OSError:
                os.kill(self.process, 9)
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
