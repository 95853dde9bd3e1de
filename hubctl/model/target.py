"""Targets: a repository checkout, or `host`, and what a renderer may know about one."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


# Logical folder of the host: where `infrastructure.monitoring.path` leads on this machine.
MONITORING = "@monitoring/"


class Instructions(enum.Enum):
    """Which instruction files a repository already has that are not ours alone."""

    NONE = "none"
    CLAUDE = "claude"
    CLAUDE_DIR = "claude-dir"
    AGENTS_ONLY = "agents-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was seen in a target before rendering; the only thing rendering takes from it.

    Attributes:
        git: the folder is in a git repository.
        linked_worktree: it is a linked worktree, so local resources do not belong here.
        instructions: where the block of instructions has to stand (semantics: AGENTS.md bridge).
        monitoring: of the host: whether the folder of `infrastructure.monitoring` is here.
    """

    git: bool = True
    linked_worktree: bool = False
    instructions: Instructions = Instructions.NONE
    monitoring: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One managed place.

    Attributes:
        name: as in canonical.yaml, or `host`.
        root: absolute real path (the home directory for `host`).
        roots: logical path prefix (ending in `/`) → absolute folder standing behind it; the
            longest prefix wins and everything else lies below `root`.
        common_dir: real path of the git common directory, "" outside git.
        follow: folders that links may lead into (`hub.follow`), real paths.
    """

    name: str
    root: str
    roots: Mapping[str, str] = field(default_factory=dict)
    common_dir: str = ""
    follow: tuple[str, ...] = ()

    @property
    def is_host(self) -> bool:
        """Whether this is the user account rather than a repository."""
        return self.name == "host"

    def absolute(self, path: str) -> str:
        """The absolute path behind a logical one; containment is checked by the engine."""
        best = ""
        for prefix in self.roots:
            if path.startswith(prefix) and len(prefix) > len(best):
                best = prefix
        if best:
            return f"{self.roots[best]}/{path[len(best) :]}"
        return f"{self.root}/{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source file of the hub or shipped with hubctl (a command, skill file, fragment …).

    `name` is the path below its folder (`tdd/cycle.md`, `pytest/SKILL.md`); `shown` the path to
    print in "generated from" lines: relative to the hub, or `hubctl:templates/…`. `path` is its
    absolute real path, so that a hub kept inside `~/.claude` never renders a file onto itself.
    """

    name: str
    text: str
    shown: str
    executable: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What renderers may know of this machine (never written at committed scope).

    Attributes:
        home: home directory.
        config_dir: the client's folder (`~/.claude` or `$CLAUDE_CONFIG_DIR`).
        unit_dir: folder of systemd user units.
        agents_dir: folder of launchd agents.
        platform: `linux` or `darwin`.
        interpreter: absolute path of the Python that hooks run under.
        release: absolute path of the hooks' `current` folder.
        registry_dir: folder of the compiled hook registries.
        hubctl: absolute path of the hubctl program for units, or `hubctl`.
        hub_dir: absolute folder of the hub, "" where units shall not name it.
    """

    home: str
    config_dir: str
    unit_dir: str
    agents_dir: str
    platform: str
    interpreter: str
    release: str
    registry_dir: str
    hubctl: str
    hub_dir: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Everything a renderer gets: a pure function from this to items.

    Attributes:
        target, facts, machine: see there.
        hub: the hub's name; canonical: how canonical.yaml is named in generated text.
        spec: the resolved spec of the target (docs/reference/resolved-spec.md).
        sources: kind of source (`commands`, `skills`, `agents`, `rules`, `output-styles`,
            `fragments`) → the files that the spec's names resolved to, sorted by name.
        document: the whole canonical document, for hub-wide sections (units, thresholds).
    """

    target: Target
    facts: Facts
    machine: Machine
    hub: str
    canonical: str
    spec: Mapping[str, object]
    sources: Mapping[str, tuple[Source, ...]]
    document: Mapping[str, object]
