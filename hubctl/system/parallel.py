"""Work over many things, spread over the processors of this machine by forking.

A child starts with everything that is loaded and known already, and hands back one value; it must
not write or print. Where forking is not safe or not worth it, or a child fails, the work is done
right here, so that the result and every error are the same.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import signal
import sys
from itertools import pairwise
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

MOST_PROCESSES = 8
PATIENCE_S = 60.0
PATIENCE_TIMES = 10
"""How long a child may be silent: this long, and so many times what our own part took."""
_PIECE = 1 << 20
_PLAIN = b"plain:"  # no pickle begins so


def _silent(_name: str) -> None:
    """A progress that nobody watches."""


def spread(
    names: Sequence[str],
    work: Callable[[str], T],
    *,
    least: int,
    progress: Callable[[str], None] = _silent,
) -> list[T]:
    """What `work` makes of each name, in their order.

    Args:
        names: cut into parts of neighbours, one for each processor.
        work: makes a value of one name; it has to be picklable.
        least: how many names are worth a process of their own.
        progress: called in this process with every name that is done.
    """
    first, *others = _parts(names, _processes(len(names), least))
    children: list[_Child] = []
    began = monotonic()
    try:
        for part in others:
            children.append(_Child(part, work, [child.reading for child in children]))
        found = _work(first, work, progress)
        patience = PATIENCE_S + PATIENCE_TIMES * (monotonic() - began)
        for child in children:
            found += child.answer(progress, patience)
        return found
    finally:
        for child in children:
            child.stop()


def _work(
    names: Sequence[str], work: Callable[[str], T], progress: Callable[[str], None]
) -> list[T]:
    found = []
    for name in names:
        found.append(work(name))
        progress(name)
    return found


def _processes(count: int, least: int) -> int:
    # On macOS libraries of the system may not survive a fork. In a process with threads a lock that
    # one of them holds would stay locked in the child; `threading` knows only threads of its own.
    if count < 2 * least or sys.platform == "darwin" or len(sys._current_frames()) > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), MOST_PROCESSES, count // least)


def _parts(names: Sequence[str], count: int) -> list[Sequence[str]]:
    ends = [len(names) * number // count for number in range(count + 1)]
    return [names[start:end] for start, end in pairwise(ends)]


class _Child:
    """A process that works on one part; its answer comes through a pipe.

    It holds no end of a pipe but its own: else it could wait for ever to be read by itself, or keep
    others waiting for an end that only it could bring about.
    """

    def __init__(
        self, part: Sequence[str], work: Callable[[str], Any], siblings: Sequence[int]
    ) -> None:
        self._part = part
        self._work = work
        self.reading, writing = os.pipe()
        foreign = (self.reading, *siblings)
        self._pid = _fork(lambda: _answer(part, work, writing, foreign))
        os.close(writing)

    def answer(self, progress: Callable[[str], None], patience: float) -> list[Any]:
        """What the child made of its part, or what this process makes of it where it failed.

        A child that says nothing for `patience` seconds has failed.
        """
        data = self._heard(patience)
        if data and self._ends():
            found = _unpacked(data)
            for name in self._part:
                progress(name)
            return found
        return _work(self._part, self._work, progress)

    def _heard(self, patience: float) -> bytes:
        """Everything the child says up to its end; nothing where it fell silent."""
        from select import POLLIN, poll

        waiting = poll()
        waiting.register(self.reading, POLLIN)
        pieces: list[bytes] = []
        while waiting.poll(patience * 1000):
            piece = os.read(self.reading, _PIECE)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
        return b""

    def _ends(self) -> bool:
        """Wait for the end; whether it was a good one."""
        pid, self._pid = self._pid, 0
        return os.waitpid(pid, 0)[1] == 0

    def stop(self) -> None:
        """Leave nothing behind, however the work ended."""
        os.close(self.reading)
        if self._pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._ends()


def _fork(child: Callable[[], NoReturn]) -> int:
    """The id of a new process that runs `child`; 0 where the system gives none.

    Control-C reaches the parent alone, which then stops its children: an interrupt in the child
    could run the parent's clean-up there.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        pid = os.fork()
        return pid or child()
    except OSError:
        return 0
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _answer(
    part: Sequence[str], work: Callable[[str], Any], writing: int, foreign: Sequence[int]
) -> NoReturn:
    """In the child: work, answer, and end without touching anything that is the parent's too."""
    code = 1
    try:
        for descriptor in foreign:
            os.close(descriptor)
        data = _packed([work(name) for name in part])
        with open(writing, "wb") as stream:
            stream.write(data)
        code = 0
    finally:
        os._exit(code)


def _packed(values: list[Any]) -> bytes:
    """Values as bytes: by marshal where they are plain, which loads nothing; else by pickle."""
    try:
        return _PLAIN + marshal.dumps(values)
    except ValueError:
        import pickle

        return pickle.dumps(values, pickle.HIGHEST_PROTOCOL)


def _unpacked(data: bytes) -> list[Any]:
    found: list[Any]
    if data.startswith(_PLAIN):
        found = marshal.loads(data[len(_PLAIN) :])  # noqa: S302 - from our own child
    else:
        import pickle

        found = pickle.loads(data)  # noqa: S301 - from our own child
    return found
