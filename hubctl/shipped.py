"""Where the files that travel with hubctl lie: schemas, templates, hooks_shared.

In a wheel they stand in `hubctl/_data`, in a checkout beside the package. Read-only; nothing of a
user is ever found through here.
"""

from __future__ import annotations

import os

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_INSTALLED = f"{_PACKAGE}/_data"


def is_checkout() -> bool:
    """Whether hubctl runs from its own repository rather than from an installation."""
    return not os.path.isdir(_INSTALLED)


def shipped(name: str) -> str:
    """Absolute path of a shipped folder or file, such as `schemas/plan.schema.json`."""
    return f"{os.path.dirname(_PACKAGE) if is_checkout() else _INSTALLED}/{name}"


def read_shipped(name: str) -> str:
    """Text of a shipped file; it is part of the program, so a missing one is a broken install."""
    with open(shipped(name), encoding="utf-8") as file:
        return file.read()
