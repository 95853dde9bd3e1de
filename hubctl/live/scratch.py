"""The folder a proof runs in: an account and a repository that stand in for the real ones.

    home/            HOME of the client: the account's settings, hubctl's state, tmp/
    repository/      the target's settings, two files to work on, and `below/`
    marks/           what recorders wrote
    debug.log        the client's log

Everything is written here and nowhere else; hubctl's releases are only linked to.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.engine.journal import make_folders
from hubctl.live.play import COMMAND, NOTES
from hubctl.system.hooks_package import places as hook_places
from hubctl.system.hooks_package import registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.check.client.rule import Place
    from hubctl.model.target import Machine, Target
    from hubctl.system.files import Files
    from hubctl.system.places import Places

_STATE_BYTES = 4 << 20
_SHIPPED = frozenset(hook.module for hook in registry.HOOKS)
_NO_TOOL = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    """The folder at `base` (absolute, real) and the door it is written through."""

    base: str
    door: Files

    @property
    def home(self) -> str:
        """HOME of the client."""
        return f"{self.base}/home"

    @property
    def repository(self) -> str:
        """The folder the client starts in."""
        return f"{self.base}/repository"

    @property
    def below(self) -> str:
        """A folder below that one."""
        return f"{self.repository}/below"

    @property
    def marks(self) -> str:
        """Where recorders write."""
        return f"{self.base}/marks"

    @property
    def log(self) -> str:
        """The client's debug log."""
        return f"{self.base}/debug.log"

    def settings(self, place: Place) -> str:
        """Where the stand-in of a settings file lies."""
        if place == "host":
            return f"{self.home}/.claude/settings.json"
        name = "settings.json" if place == "committed" else "settings.local.json"
        return f"{self.repository}/.claude/{name}"

    def twin(self, machine: Machine, hub: str) -> Machine:
        """This machine with its hook registries here."""
        return replace(machine, registry_dir=f"{self._state}/{hub}/{hook_places.HOOKS}")

    @property
    def _state(self) -> str:
        return f"{self.home}/.local/state/hubctl"

    def build(self, target: Target, machine: Machine, twin: Machine, places: Places) -> None:
        """Write everything but the settings."""
        make_folders(self.door, self.marks, 0o700)
        make_folders(self.door, os.path.join(self.home, "tmp"), 0o700)
        make_folders(self.door, self.below, 0o700)
        trusted = {self.repository: {"hasTrustDialogAccepted": True}}
        self.write(f"{self.home}/.claude.json", json.dumps({"projects": trusted}))
        self.write(f"{self.home}/.claude/commands/{COMMAND}.md", "Do what there is to do.\n")
        self.write(f"{self.repository}/CLAUDE.md", "A copy to try settings in.\n")
        self.write(f"{self.repository}/{NOTES}", "one\n")
        if target.common_dir or target.is_host:
            self._init_git()
        self._copy_state(target, machine, twin, places)

    def _init_git(self) -> None:
        """As little of a git repository as git and the client take for one."""
        self.write(f"{self.repository}/.git/HEAD", "ref: refs/heads/main\n")
        self.write(f"{self.repository}/.git/config", "[core]\n\trepositoryformatversion = 0\n")
        for name in ("objects", "refs"):
            make_folders(self.door, f"{self.repository}/.git/{name}", 0o700)

    def _copy_state(self, target: Target, machine: Machine, twin: Machine, places: Places) -> None:
        """What hubctl's hooks read: their registries, and the record of the releases."""
        here = hook_places.repository_folder(twin.registry_dir, self.repository)
        if not target.is_host:
            self._copy_folder(target.absolute("@state/"), here)
        self._copy_folder(
            hook_places.host_folder(machine.registry_dir),
            hook_places.host_folder(twin.registry_dir),
        )
        self._copy(f"{places.state}/releases.json", f"{self._state}/releases.json")
        data = f"{self.home}/.local/share/hubctl"
        make_folders(self.door, data, 0o700)
        self.door.link(places.releases, f"{data}/hooks", symbolic=True)

    def _copy_folder(self, source: str, destination: str) -> None:
        """The JSON files of one folder."""
        source = source.rstrip("/")
        found = self.door.look(source)
        if found is not None and found.kind == "folder":
            for name in self.door.list(source):
                if name.endswith(".json"):
                    self._copy(f"{source}/{name}", f"{destination}/{name}")

    def _copy(self, source: str, destination: str) -> None:
        found = self.door.look(source)
        if found is not None and found.kind == "file" and found.size <= _STATE_BYTES:
            text = self.door.read(source).decode("utf-8", "replace")
            is_registry = os.path.basename(source) == hook_places.REGISTRY
            self.write(destination, shipped_alone(text) if is_registry else text)

    def write(self, path: str, text: str) -> None:
        """Write a file of this folder."""
        make_folders(self.door, os.path.dirname(path), 0o700)
        self.door.write(path, text.encode("utf-8", "surrogatepass"), 0o600)

    def written(self) -> dict[str, bytes]:
        """Name of a mark → what was written to it."""
        return self._read_all(self.marks)

    def spool(self, twin: Machine) -> Mapping[str, bytes]:
        """The segments that hubctl's hooks wrote."""
        return self._read_all(f"{twin.registry_dir}/spool")

    def _read_all(self, folder: str) -> dict[str, bytes]:
        found = self.door.look(folder)
        names = self.door.list(folder) if found is not None and found.kind == "folder" else ()
        return {name: self.door.read(f"{folder}/{name}") for name in names}

    def log_text(self) -> str:
        """The client's log, "" where it wrote none."""
        if self.door.look(self.log) is None:
            return ""
        return self.door.read(self.log).decode("utf-8", "replace")


def shipped_alone(text: str) -> str:
    """A compiled registry in which only hooks that travel with hubctl run.

    What a hub's own hooks do is not known; their rows stay, because handlers ask for them.
    """
    try:
        document = json.loads(text)
        rows = [row for event in document["events"].values() for row in event]
        for row in rows:
            if row["module"] not in _SHIPPED:
                row["tools"] = [_NO_TOOL]
    except (ValueError, KeyError, TypeError, AttributeError):
        return text  # damaged: hooks refuse to read it, and that is to be seen
    return json.dumps(document)
