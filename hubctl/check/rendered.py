"""Checks of what is about to be rendered, before any of it is written.

Settings against the client's rules and its schema, MCP servers, sources, hooks, units, secrets and
hidden characters. One object serves a whole run and remembers what it has already looked at,
because a thousand repositories share most of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from hubctl.check.client.report import findings_of
from hubctl.check.client.schema import SettingsSchema
from hubctl.check.mcp_lint import lint_mcp
from hubctl.check.settings_lint import CLIENT, lint_hits, settings_of
from hubctl.config.hidden import hidden_characters
from hubctl.config.secrets import scan_text, scan_value
from hubctl.model.hashing import hash_json
from hubctl.model.item import JsonValue
from hubctl.render.hook_selection import hook_findings
from hubctl.render.source_check import check_sources
from hubctl.render.spec import is_committed
from hubctl.render.units import unit_findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hubctl.check.client.rule import Hit, Place, Rule
    from hubctl.model.finding import Finding
    from hubctl.model.item import Item
    from hubctl.model.target import Source, Subject

    _Settings = tuple[Place, str, str]  # place, client, hash of the content

SETTINGS: Final = (".claude/settings.json", ".claude/settings.local.json")
MCP: Final = ".mcp.json"
_READ_BY_THE_MODEL: Final = (".md", ".markdown", ".mdc")


@dataclass(frozen=True, slots=True)
class RenderedCheck:
    """All checks of rendered things; `load` gives the parsed content of a file of `schemas/`."""

    load: Callable[[str], Any]
    _schema: SettingsSchema = field(init=False, repr=False)
    _sources: dict[str, tuple[Finding, ...]] = field(default_factory=dict, repr=False)
    _hits: dict[_Settings, tuple[tuple[Rule, Hit], ...]] = field(default_factory=dict, repr=False)
    _scanned: dict[tuple[str, str], tuple[Finding, ...]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_schema", SettingsSchema(load=self.load))

    def findings(self, subject: Subject, items: Iterable[Item]) -> tuple[Finding, ...]:
        """Everything wrong with the items of one target and with what they were made of."""
        kept = tuple(items)
        return (
            *self._documents(subject, kept),
            *self._source_findings(subject),
            *hook_findings(subject),
            *unit_findings(subject),
            *self._values(kept),
        )

    def _documents(self, subject: Subject, items: tuple[Item, ...]) -> Iterator[Finding]:
        for path, group in groupby(items, key=lambda item: item.address.path):
            if path in SETTINGS:
                hits = self._lint(settings_of(group), _place(subject, path), _client(subject))
                yield from findings_of(hits, f"{subject.target.name}:{path}")
            elif path == MCP:
                place: Place = "committed" if is_committed(subject) else "local"
                file = f"{subject.target.name}:{path}"
                yield from lint_mcp(settings_of(group), scope=place, file=file)

    def _lint(
        self, settings: dict[str, object], place: Place, client: str
    ) -> tuple[tuple[Rule, Hit], ...]:
        key = (place, client, hash_json(settings))
        if key not in self._hits:
            self._hits[key] = lint_hits(settings, scope=place, client=client, schema=self._schema)
        return self._hits[key]

    def _source_findings(self, subject: Subject) -> Iterator[Finding]:
        for kind, sources in subject.sources.items():
            for source in sources:
                key = f"{kind}/{source.shown}"
                if key not in self._sources:
                    self._sources[key] = tuple(self._of_source(kind, source))
                yield from self._sources[key]

    def _of_source(self, kind: str, source: Source) -> Iterator[Finding]:
        yield from check_sources(kind, (source,), self.load("skill.schema.json"))
        yield from scan_text(source.text, file=source.shown)
        if source.name.endswith(_READ_BY_THE_MODEL):
            yield from hidden_characters(source.text, source.shown)

    def _values(self, items: tuple[Item, ...]) -> Iterator[Finding]:
        """Secrets in values; texts were scanned where they come from."""
        for item in items:
            if isinstance(item.value, JsonValue):
                key = (item.address.fragment, hash_json(item.value.value))
                if key not in self._scanned:
                    self._scanned[key] = scan_value(item.address.pointer, item.value.value)
                yield from self._scanned[key]


def _place(subject: Subject, path: str) -> Place:
    if subject.target.is_host:
        return "host"
    return "committed" if path == SETTINGS[0] else "local"


def _client(subject: Subject) -> str:
    hub = subject.document.get("hub")
    version = hub.get("client") if isinstance(hub, dict) else None
    return version if isinstance(version, str) else CLIENT


def load_with(read: Callable[[str], bytes]) -> Callable[[str], Any]:
    """A loader that parses each schema once."""
    kept: dict[str, Any] = {}

    def load(name: str) -> Any:
        if name not in kept:
            kept[name] = json.loads(read(f"schemas/{name}"))
        return kept[name]

    return load
