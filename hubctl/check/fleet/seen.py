"""What was seen in the client's folders of one target, as far as its checks need it.

A value for the length of one look; `fleet.inventory` fills it. Three questions that only some
checks ask are functions, so that nobody pays for an answer that nobody wants.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from hubctl.check.client.rule import Case
from hubctl.check.settings_lint import CLIENT, parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hubctl.check.client.rule import Place

LinkState = Literal["good", "dangling", "loop", "outside"]

SETTINGS = ".claude/settings.json"
LOCAL = ".claude/settings.local.json"
MCP = ".mcp.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One symbolic link: its text, where that leads, and whether canonical wants the link."""

    path: str
    destination: str
    state: LinkState
    owned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One target.

    Attributes:
        target: its name. root, home: absolute paths.
        texts: logical path → bytes of instruction files and of commands, skills, agents, rules and
            output styles that hubctl did not put there whole.
        settings: logical path → content of a settings file or `.mcp.json` that is a JSON object.
        unreadable: one of those files could not be read, so nothing can be said about what is
            missing in them.
        scripts: files below `.claude/hooks/` that could be run and that hubctl did not put there.
        links: symbolic links below `.claude/`.
        owned: local addresses that canonical wants or a ledger records.
        told: (rule, address) of findings that the plan has already.
        client: version of the client that reads it all.
        absolute: the absolute path behind a logical one.
        exists: whether something stands at an absolute path.
        read: bytes of one of `scripts`, b"" where it cannot be read.
        host_settings: content of the account's settings, which every repository runs with.
    """

    target: str
    root: str = ""
    home: str = ""
    texts: Mapping[str, bytes] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    unreadable: bool = False
    scripts: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    owned: frozenset[str] = frozenset()
    told: frozenset[tuple[str, str]] = frozenset()
    client: str = CLIENT
    absolute: Callable[[str], str] = str
    exists: Callable[[str], bool] = lambda _path: True
    read: Callable[[str], bytes] = lambda _path: b""
    host_settings: Callable[[], Mapping[str, object]] = dict

    @property
    def is_host(self) -> bool:
        """Whether this is the account rather than a repository."""
        return self.target == "host"

    def address(self, path: str, fragment: str = "") -> str:
        """An address in this target, as text."""
        return f"{self.target}:{path}{'#' + fragment if fragment else ''}"

    def cases(self) -> Iterator[tuple[str, Case]]:
        """Each settings file with the place it has for the client."""
        version = parse_version(self.client)
        places: tuple[tuple[str, Place], ...] = ((SETTINGS, "committed"), (LOCAL, "local"))
        if self.is_host:
            places = ((SETTINGS, "host"),)
        for path, place in places:
            if path in self.settings:
                yield path, Case(settings=self.settings[path], place=place, client=version)
