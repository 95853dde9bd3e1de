"""One opened hub: its canonical.yaml, this machine, and the folders both lead to.

Finding and reading the files happens here; what they mean is `config`, what they become `compile`.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubctl.errors import OperationError, UsageError
from hubctl.system.places import platform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.model.target import Machine
    from hubctl.system.files import Files
    from hubctl.system.places import Places

CANONICAL = "canonical.yaml"
LOCAL = "canonical.local.yaml"
SCHEMA_COPY = "canonical.schema.json"  # beside canonical.yaml, for editors


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFiles:
    """The bytes a hub is made of, before anybody parsed them.

    Attributes:
        path: absolute path of canonical.yaml; folder: the one it lies in.
        data, local: bytes of canonical.yaml and of canonical.local.yaml (None without one).
    """

    path: str
    data: bytes
    local: bytes | None

    @property
    def folder(self) -> str:
        """The hub's folder, to which relative paths are relative."""
        return os.path.dirname(self.path)

    @property
    def local_path(self) -> str:
        """Where canonical.local.yaml lies or would lie."""
        return f"{self.folder}/{LOCAL}"


def find_canonical(given: str | None, cwd: str, places: Places) -> str:
    """Absolute path of the canonical.yaml to use.

    `given` (a file or its folder) wins; else the nearest one from `cwd` upwards, then the
    configuration folder, then the client's folder.

    Raises:
        UsageError: there is none.
    """
    if given:
        path = os.path.join(cwd, os.path.expanduser(given))
        path = f"{path.rstrip('/')}/{CANONICAL}" if os.path.isdir(path) else path
        if not os.path.isfile(path):
            raise UsageError(f"there is no {path}", hint="`hubctl init` makes a new hub")
        return os.path.abspath(path)
    for folder in _candidates(cwd, places):
        if os.path.isfile(f"{folder}/{CANONICAL}"):
            return f"{folder}/{CANONICAL}"
    raise UsageError(
        f"no {CANONICAL} here, in any folder above, in ~/.config/hubctl or in ~/.claude",
        hint="name one with --hub PATH, or make a new hub with `hubctl init`",
    )


def _candidates(cwd: str, places: Places) -> Iterator[str]:
    folder = cwd
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    yield f"{places.home}/.config/hubctl"
    yield places.config_dir


def read_hub(path: str, door: Files) -> HubFiles:
    """Read the hub's two files.

    Raises:
        OperationError: canonical.yaml, or an existing canonical.local.yaml, cannot be read.
    """
    local_path = f"{os.path.dirname(path)}/{LOCAL}"
    return HubFiles(
        path=path,
        data=_read(path, door),
        local=_read(local_path, door) if door.look(local_path) is not None else None,
    )


def _read(path: str, door: Files) -> bytes:
    try:
        return door.read(path)
    except OSError as error:
        raise OperationError(f"cannot read {path}: {error.strerror}") from error


def hub_name(document: dict[str, Any], folder: str) -> str:
    """The hub's name: `hub.name`, else made of its folder's name."""
    section = document.get("hub")
    name = section.get("name") if isinstance(section, dict) else None
    if isinstance(name, str) and name:
        return name
    slug = re.sub(r"[^a-z0-9_-]+", "-", os.path.basename(folder).lower()).strip("-_")
    return slug or "hub"


def this_machine(hub: str, folder: str, places: Places) -> Machine:
    """What renderers may know of the machine hubctl runs on; `folder` is the hub's."""
    from hubctl.model.target import Machine

    program = os.path.join(os.path.dirname(sys.executable), "hubctl")
    return Machine(
        home=places.home,
        config_dir=places.config_dir,
        unit_dir=places.unit_dir,
        agents_dir=places.agents_dir,
        platform=platform(),
        interpreter=hook_interpreter(),
        release=f"{places.releases}/current",
        registry_dir=f"{places.hub_state(hub)}/hooks",
        hubctl=program if os.path.exists(program) else "hubctl",
        hub_dir=folder,
    )


def hook_interpreter() -> str:
    """The Python that hooks run under: the one behind this one's virtual environment.

    They need the standard library alone, and outlive any environment; and `hubctl` and
    `python -m hubctl`, which name the environment's Python differently, must agree.
    """
    return os.path.realpath(sys.executable)
