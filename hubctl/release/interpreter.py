"""Which Python a release was compiled for, and what tells our own releases from others.

What a look at a release needs; everything about its content is content.py.
"""

from __future__ import annotations

from dataclasses import dataclass

OURS = "hubctl"  # the origin of what travels with this program


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A Python as a release remembers it.

    Attributes:
        path: as hooks are started. real: the file behind it.
        size, mtime_ns: of that file; when they are the same, so is the rest.
        tag, version, magic: what its bytecode depends on.
    """

    path: str
    real: str
    size: int
    mtime_ns: int
    tag: str = ""
    version: str = ""
    magic: str = ""
