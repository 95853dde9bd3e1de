"""A program that runs beside us for a while and says on its first line where it is reached."""

from __future__ import annotations

import contextlib
import http.client
import subprocess
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hubctl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@contextlib.contextmanager
def started(
    command: Sequence[str], env: Mapping[str, str], cwd: str, *, seconds: float
) -> Iterator[str]:
    """Start a program, give its first line, and end it at the end.

    Args:
        command: program and arguments.
        env: its whole environment.
        cwd: its working folder.
        seconds: after which it is ended whatever happens.

    Raises:
        OperationError: it ended without a line.
    """
    with subprocess.Popen(
        [*command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            line = process.stdout.readline().strip() if process.stdout else ""
            if not line:
                _, complaint = process.communicate()
                raise OperationError(f"{command[0]} said nothing: {complaint.strip()}")
            yield line
        finally:
            timer.cancel()
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=10)
            process.kill()


def get(address: str, path: str, headers: Mapping[str, str]) -> str:
    """What a server on this machine answers to a GET.

    Raises:
        OperationError: it does not answer, or not with success.
    """
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 80, timeout=20)
    try:
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
    except OSError as error:
        raise OperationError(f"{place.netloc} does not answer: {error}") from error
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise OperationError(f"{place.netloc}{path} answers {answer.status}")
    return text
