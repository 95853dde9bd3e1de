"""The repositories of a hub as people list and add them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubctl.errors import UsageError

if TYPE_CHECKING:
    from hubctl.fleet.world import World

# First match wins: a file that only that language's projects have → its name in canonical.yaml.
LANGUAGE_FILES = (
    ("pyproject.toml", "python"),
    ("setup.py", "python"),
    ("Cargo.toml", "rust"),
    ("go.mod", "go"),
    ("tsconfig.json", "typescript"),
    ("package.json", "javascript"),
    ("pom.xml", "java"),
    ("build.gradle", "java"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """One repository of canonical.yaml: `state` is `here`, `missing`, `no path` or `disabled`."""

    name: str
    path: str
    language: str
    profiles: tuple[str, ...]
    state: str


def repositories(world: World) -> tuple[Repository, ...]:
    """All repositories, in file order, disabled ones included."""
    section = world.compiler.canonical.document.get("repositories") or {}
    return tuple(_repository(world, name, entry or {}) for name, entry in section.items())


def _repository(world: World, name: str, entry: dict[str, Any]) -> Repository:
    enabled = name in world.compiler.head.names
    spec = world.compiler.spec(name) if enabled else entry
    profiles = entry.get("profiles") or ()
    return Repository(
        name=name,
        path=str(spec.get("path") or ""),
        language=str(spec.get("language") or ""),
        profiles=(profiles,) if isinstance(profiles, str) else tuple(profiles),
        state=_state(world, name) if enabled else "disabled",
    )


def _state(world: World, name: str) -> str:
    located = world.compiler.locate(name)
    if located.target is not None:
        return "here"
    return "no path" if located.finding and "not-here" in located.finding.rule else "missing"


def new_entry(  # noqa: PLR0913, PLR0917 - one parameter per option of `repos add`
    path: str,
    name: str | None,
    home: str,
    language: str | None,
    test_command: str | None,
    profiles: tuple[str, ...],
) -> tuple[str, dict[str, object]]:
    """Name and entry of the repository at an absolute path.

    Raises:
        UsageError: there is no such folder.
    """
    folder = os.path.abspath(path)
    if not os.path.isdir(folder):
        raise UsageError(f"there is no folder {folder}")
    chosen = name or entry_name(folder)
    entry: dict[str, object] = {"path": short_path(folder, home)}
    found = language or _language(folder)
    if found:
        entry["language"] = found
    if test_command:
        entry["test_command"] = test_command
    if profiles:
        entry["profiles"] = list(profiles)
    return chosen, entry


def entry_name(folder: str) -> str:
    """The name that a folder suggests."""
    return re.sub(r"[^a-z0-9_-]+", "-", os.path.basename(folder).lower()).strip("-_")


def short_path(folder: str, home: str) -> str:
    """As people write it: below the home directory with `~`, so that it fits other machines."""
    return f"~{folder[len(home) :]}" if folder.startswith(f"{home}/") else folder


def _language(folder: str) -> str:
    for file, language in LANGUAGE_FILES:
        if os.path.isfile(f"{folder}/{file}"):
            return language
    return ""


def parse_value(text: str) -> object:
    """A value of the command line as YAML reads it.

    Raises:
        UsageError: it is no YAML.
    """
    from hubctl.config.load import load

    loaded = load(f"value: {text}\n".encode(), file="VALUE")
    if loaded.findings or "value" not in loaded.document:
        raise UsageError(f"VALUE is no YAML: {text!r}", hint="quote it for the shell and for YAML")
    return loaded.document["value"]
