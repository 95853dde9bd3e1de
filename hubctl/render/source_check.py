"""Checks of all kinds of sources: one row per kind, and what subagents and styles need.

A subagent without name or description, or with broken YAML, is skipped by the client without a
word, so those are errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Location, Severity
from hubctl.render.frontmatter import read_frontmatter
from hubctl.render.skill_check import check_command, check_skill, unknown_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hubctl.model.target import Source

    Check = Callable[[Source, Mapping[str, object]], tuple[Finding, ...]]

AGENT_FIELDS = (
    "name", "description", "tools", "disallowedTools", "model", "permissionMode", "maxTurns",
    "skills", "mcpServers", "hooks", "memory", "background", "effort", "isolation", "color",
    "initialPrompt",
)  # fmt: skip
STYLE_FIELDS = ("name", "description", "keep-coding-instructions", "force-for-plugin")
RULE_FIELDS = ("paths", "description")


def check_sources(
    kind: str, sources: Sequence[Source], skill_schema: Mapping[str, object]
) -> tuple[Finding, ...]:
    """Findings about sources of one kind; `skill_schema` is schemas/skill.schema.json."""
    check = _CHECKS.get(kind)
    if check is None:
        return ()
    chosen = (source for source in sources if _is_read_by_client(kind, source.name))
    return tuple(finding for source in chosen for finding in check(source, skill_schema))


def check_agent(source: Source, _: Mapping[str, object] | None = None) -> tuple[Finding, ...]:
    """Findings about one subagent."""
    front = read_frontmatter(source, Severity.ERROR)
    if front.findings:
        return front.findings
    return (*_agent_findings(source, front.values), *unknown_fields(source, front, AGENT_FIELDS))


def _agent_findings(source: Source, values: Mapping[str, object]) -> Iterator[Finding]:
    lacking = [key for key in ("name", "description") if not str(values.get(key) or "").strip()]
    if lacking:
        message = f"the subagent has no {' and no '.join(lacking)}, so the client skips it"
        yield _error(source, message, "add it to the frontmatter between two --- lines")
    if ":" in str(values.get("name") or ""):
        yield _error(source, "a subagent's name has no colon", "rename it")


def _check_style(source: Source, _: Mapping[str, object]) -> tuple[Finding, ...]:
    front = read_frontmatter(source, Severity.WARNING)
    return (*front.findings, *unknown_fields(source, front, STYLE_FIELDS))


def _check_rule(source: Source, _: Mapping[str, object]) -> tuple[Finding, ...]:
    front = read_frontmatter(source, Severity.WARNING)
    return (*front.findings, *unknown_fields(source, front, RULE_FIELDS))


def _is_read_by_client(kind: str, name: str) -> bool:
    if kind == "skills":
        return name.partition("/")[2] == "SKILL.md"
    return name.endswith(".md")


def _error(source: Source, message: str, hint: str) -> Finding:
    return Finding(
        rule="sources/agent",
        severity=Severity.ERROR,
        message=message,
        location=Location(file=source.shown, line=1),
        hint=hint,
        exit_code=1,
    )


_CHECKS: Mapping[str, Check] = {
    "agents": check_agent,
    "commands": check_command,
    "output-styles": _check_style,
    "rules": _check_rule,
    "skills": check_skill,
}
