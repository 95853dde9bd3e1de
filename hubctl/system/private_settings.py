"""A file of `NAME=value` lines that only this account may read, for what no other file may hold."""

from __future__ import annotations

import os
import stat

from hubctl.errors import OperationError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_settings(path: str) -> dict[str, str]:
    """Names and values; empty where there is no file. Quotes around a value are not part of it.

    Raises:
        OperationError: it cannot be read, or others could read it too.
    """
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            lines = stream.read().splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise OperationError(f"{path} cannot be read: {error.strerror}") from error
    if mode & _OTHERS:
        raise OperationError(f"{path} can be used by others", hint=f"chmod 600 {path}")
    return dict(_setting(line) for line in lines if _is_setting(line))


def _is_setting(line: str) -> bool:
    return "=" in line and not line.lstrip().startswith("#")


def _setting(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return name.removeprefix("export ").strip(), value
