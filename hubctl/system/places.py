"""Where things live on this machine: XDG folders, the client's folder, unit folders.

Read once from an environment; canonical.yaml cannot move any of them (semantics: "Places").
"""

from __future__ import annotations

import os
import pwd
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Absolute folders; none of them needs to exist yet.

    Attributes:
        home: home directory. state, data, cache: hubctl's own folders below the XDG ones.
        config_dir: the client's folder, `~/.claude` unless `CLAUDE_CONFIG_DIR` moves it.
        other_config_dirs: where transcripts may lie besides: those of a list with commas, or that
            of some older clients.
        unit_dir, agents_dir: systemd user units; launchd agents.
    """

    home: str
    state: str
    data: str
    cache: str
    config_dir: str
    unit_dir: str
    agents_dir: str
    other_config_dirs: tuple[str, ...] = ()

    def hub_state(self, hub: str) -> str:
        """State folder of one hub: ledgers, journals, registries."""
        return f"{self.state}/{hub}"

    @property
    def releases(self) -> str:
        """Folder of the hook releases; `current` in it is the one in use."""
        return f"{self.data}/hooks"


def find_places(env: Mapping[str, str] | None = None) -> Places:
    """The places that `env` (default: the process environment) leads to.

    A missing or relative HOME falls back to the passwd entry, relative XDG values are ignored
    as the XDG specification demands.
    """
    env = os.environ if env is None else env
    home = _absolute(env.get("HOME")) or pwd.getpwuid(os.getuid()).pw_dir
    config = _absolute(env.get("XDG_CONFIG_HOME")) or f"{home}/.config"
    return Places(
        home=home,
        state=(_absolute(env.get("XDG_STATE_HOME")) or f"{home}/.local/state") + "/hubctl",
        data=(_absolute(env.get("XDG_DATA_HOME")) or f"{home}/.local/share") + "/hubctl",
        cache=(_absolute(env.get("XDG_CACHE_HOME")) or f"{home}/.cache") + "/hubctl",
        config_dir=_absolute(env.get("CLAUDE_CONFIG_DIR")) or f"{home}/.claude",
        unit_dir=f"{config}/systemd/user",
        agents_dir=f"{home}/Library/LaunchAgents",
        other_config_dirs=_others(env.get("CLAUDE_CONFIG_DIR"), f"{config}/claude"),
    )


def environment() -> Mapping[str, str]:
    """The process environment, for the variables that paths in canonical.yaml may use."""
    return os.environ


def platform() -> str:
    """`linux` or `darwin`; anything else counts as linux without a service manager."""
    return "darwin" if sys.platform == "darwin" else "linux"


def _others(given: str | None, older: str) -> tuple[str, ...]:
    """The client takes one folder; programs that read what it wrote take a list."""
    if not _absolute(given):
        return (older,)
    parts = (given or "").split(",")
    return tuple(filter(None, map(_absolute, parts))) if len(parts) > 1 else ()


def _absolute(value: str | None) -> str:
    return value.rstrip("/") or "/" if value and value.startswith("/") else ""
