"""Files that other programs read while we write them: replaced whole, never in part."""

from __future__ import annotations

import os

from hubctl.system.export_files import replace_whole

_MODE = 0o644  # the reader runs as somebody else


def publish(path: str, data: bytes) -> None:
    """Put `data` at `path`; whoever reads meanwhile sees the old bytes or the new ones.

    Raises:
        OperationError: it cannot be written; what stood there still does.
    """
    # A reader that takes every `*.prom` must not take this one.
    staged = f"{os.path.dirname(path)}/.{os.path.basename(path)}.{os.getpid()}"
    replace_whole(path, (data,), staged=staged, mode=_MODE)
