"""Running another program: the one way a process is started for its output.

Never a shell, never without a time limit. A program that outlives its limit is killed with
everything it started. What the output means is the caller's.
"""

from __future__ import annotations

import contextlib
import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from hubctl.errors import OperationError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence


class ProgramMissingError(OperationError):
    """The program is not installed, or may not be executed."""


class ProgramTimeoutError(OperationError):
    """The program did not end in time; its process group was killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A process that ended: its exit code (negative: the signal) and its output as text."""

    args: tuple[str, ...]
    returncode: int
    stdout: str
    stderr: str

    @property
    def complaint(self) -> str:
        """What the program said about a failure, on one line."""
        text = " ".join((self.stderr or self.stdout).split())
        return text or f"exit code {self.returncode}"


class Runner(Protocol):
    """How `run` is called; what tests put in its place."""

    def __call__(
        self,
        args: Sequence[str],
        *,
        timeout: float,
        env: Mapping[str, str] | None = None,
        input: str = "",
        cwd: str | None = None,
    ) -> Completed:
        """See `run`."""


def run(
    args: Sequence[str],
    *,
    timeout: float,
    env: Mapping[str, str] | None = None,
    input: str = "",
    cwd: str | None = None,
) -> Completed:
    """Run a program to its end.

    Args:
        args: program and arguments; nothing is expanded.
        timeout: seconds.
        env: the whole environment; None hands on our own.
        input: text for its standard input.
        cwd: its working folder.

    Raises:
        ProgramMissingError: it cannot be started.
        ProgramTimeoutError: it ran longer than `timeout`.
    """
    code, out, err = _output(args, input.encode("utf-8", "surrogateescape"), timeout, env, cwd)
    return Completed(
        args=tuple(args),
        returncode=code,
        stdout=out.decode("utf-8", "replace"),
        stderr=err.decode("utf-8", "replace"),
    )


def run_bytes(
    args: Sequence[str],
    *,
    timeout: float,
    env: Mapping[str, str] | None = None,
    input: bytes = b"",
    cwd: str | None = None,
) -> tuple[int, bytes, str]:
    """Run a program whose output is no text: its exit code, output and complaint. See `run`."""
    code, out, err = _output(args, input, timeout, env, cwd)
    return code, out, " ".join(err.decode("utf-8", "replace").split())


def _output(
    args: Sequence[str],
    given: bytes,
    timeout: float,
    env: Mapping[str, str] | None,
    cwd: str | None,
) -> tuple[int, bytes, bytes]:
    import subprocess

    try:
        process = subprocess.Popen(
            tuple(args),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=None if env is None else dict(env),
            cwd=cwd,
            start_new_session=True,
        )
    except OSError as error:
        why = error.strerror or str(error)
        raise ProgramMissingError(f"{args[0]} cannot be run: {why}") from error
    out, err = _finish(process, args[0], given, timeout)
    return process.returncode, out, err


def _finish(
    process: subprocess.Popen[bytes], name: str, given: bytes, timeout: float
) -> tuple[bytes, bytes]:
    import subprocess

    try:
        return process.communicate(given, timeout=timeout)
    except subprocess.TimeoutExpired as error:
        raise ProgramTimeoutError(
            f"{name} did not end within {timeout:g} seconds and was stopped"
        ) from error
    finally:
        if process.returncode is None:  # a time limit, or an interrupt of our own
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        # Not read to its end: something that left the group may hold the other side.
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
