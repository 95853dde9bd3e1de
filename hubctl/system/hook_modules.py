"""The Python modules in a hub's folder `hooks/`: listed and read as text, never imported.

Only the folder itself counts, not what lies below it: a hub may lie in `~/.claude`, whose `hooks/`
holds anything. Which of the modules are hooks of hubctl is `render.own_hooks`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.system.source_folders import read_text

if TYPE_CHECKING:
    from hubctl.model.target import Source

FOLDER = "hooks"
_MOST = 200
_MAX_BYTES = 512 << 10


def module_files(hub_dir: str) -> dict[str, str]:
    """File name → real path of every module, sorted; what leads out of the hub is none."""
    inside = f"{os.path.realpath(hub_dir).rstrip('/')}/"
    try:
        with os.scandir(f"{hub_dir}/{FOLDER}") as entries:
            names = sorted(entry.name for entry in entries if entry.name.endswith(".py"))
    except OSError:
        return {}
    found: dict[str, str] = {}
    for name in names[:_MOST]:
        real = os.path.realpath(f"{hub_dir}/{FOLDER}/{name}")
        if real.startswith(inside) and os.path.isfile(real) and not name.startswith("."):
            found[name] = real
    return found


def read_modules(hub_dir: str) -> tuple[Source, ...]:
    """The modules as sources; what cannot be read, is no text or is huge is left out."""
    from hubctl.model.target import Source

    found = []
    for name, real in module_files(hub_dir).items():
        try:
            text, _ = read_text(real) if os.path.getsize(real) <= _MAX_BYTES else ("", False)
        except (OperationError, OSError):
            continue
        found.append(Source(name=name, text=text, shown=f"{FOLDER}/{name}", path=real))
    return tuple(found)
