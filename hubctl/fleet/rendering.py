"""Rendering one target: sources looked up, items rendered, what is wrong with them told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hubctl.model.address import HOST
from hubctl.model.finding import Finding, Severity
from hubctl.model.target import Subject
from hubctl.render import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.check.rendered import RenderedCheck
    from hubctl.fleet.head import Head
    from hubctl.fleet.targets import Located
    from hubctl.model.item import Item
    from hubctl.model.target import Machine, Source, Target
    from hubctl.system.sources import Sources

# Key of the resolved spec (a path) → kind of source.
_KINDS = (
    (("commands",), "commands"),
    (("skills",), "skills"),
    (("agents",), "agents"),
    (("rules",), "rules"),
    (("output_styles",), "output-styles"),
    (("instructions", "fragments"), "fragments"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The items of one target and everything wrong with them."""

    items: tuple[Item, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What rendering needs that is the same for every target of a run."""

    machine: Machine
    sources: Sources = field(repr=False)
    check: RenderedCheck = field(repr=False)

    def render(self, head: Head, name: str, spec: Mapping[str, Any], located: Located) -> Rendered:
        """Render one located target from its resolved spec."""
        if located.target is None:
            return Rendered()
        found, findings = self._sources(spec)
        if spec.get("hooks"):
            found["hooks"] = self.sources.hook_modules()
        if located.facts.monitoring:
            found["monitoring"] = shipped_monitoring()
        subject = self._subject(head, spec, located.target, located, found)
        items = render(subject)
        found_here = (replace(finding, address=f"{name}:.") for finding in findings)
        absent = absent_monitoring(head, located) if name == HOST else ()
        told = (*found_here, *absent, *self.check.findings(subject, items))
        return Rendered(items=items, findings=tuple(_weighed(finding) for finding in told))

    def _sources(
        self, spec: Mapping[str, Any]
    ) -> tuple[dict[str, tuple[Source, ...]], list[Finding]]:
        sources: dict[str, tuple[Source, ...]] = {}
        findings: list[Finding] = []
        for path, kind in _KINDS:
            names = _names(spec, path)
            if names:
                found = self.sources.find(kind, names)
                sources[kind] = found.sources
                findings += found.findings
        return sources, findings

    def _subject(
        self,
        head: Head,
        spec: Mapping[str, Any],
        target: Target,
        located: Located,
        sources: Mapping[str, tuple[Source, ...]],
    ) -> Subject:
        return Subject(
            target=target,
            facts=located.facts,
            machine=self.machine,
            hub=head.hub,
            canonical="canonical.yaml",
            spec=spec,
            sources=sources,
            document=head.document,
        )


def absent_monitoring(head: Head, located: Located) -> tuple[Finding, ...]:
    """That the folder for dashboards is not on this machine, where it is not."""
    from hubctl.config.layers import mapping

    section = mapping(mapping(head.document.get("infrastructure")).get("monitoring"))
    path = section.get("path")
    if not path or located.facts.monitoring:
        return ()
    finding = Finding(
        rule="fleet/no-monitoring-folder",
        severity=Severity.NOTE,
        message=f"the folder {path} of infrastructure.monitoring is not on this machine",
        address=f"{HOST}:.",
        hint="make the folder where dashboards and alerts are to be rendered here",
    )
    return (finding,)


def shipped_monitoring() -> tuple[Source, ...]:
    """The templates of dashboards and alerts; they are hubctl's alone."""
    from hubctl.model.target import Source
    from hubctl.render.monitoring import TEMPLATES
    from hubctl.system.data import read_data

    return tuple(
        Source(
            name=name,
            text=read_data(f"templates/monitoring/{name}").decode(),
            shown=f"hubctl:templates/monitoring/{name}",
        )
        for name in TEMPLATES
    )


def _names(spec: Mapping[str, Any], path: tuple[str, ...]) -> tuple[str, ...]:
    value: Any = spec
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return tuple(str(name) for name in value) if isinstance(value, list) else ()


def _weighed(finding: Finding) -> Finding:
    """Advice about canonical.yaml is told, but only errors in what it renders count as failures."""
    return finding if finding.severity is Severity.ERROR else replace(finding, exit_code=0)
