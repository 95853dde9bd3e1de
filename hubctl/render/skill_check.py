"""Checks of skills and commands: the fields the client reads, and what it silently drops.

The schema (schemas/skill.schema.json) decides the types; everything here is what a schema cannot
say. Pure: the caller brings the schema. Findings point at the source, not at a rendered file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.tokens import LISTING_LIMIT
from hubctl.render.frontmatter import Frontmatter, read_frontmatter
from hubctl.render.prerun import ends_safely, not_allowed, pre_runs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from hubctl.model.target import Source

SKILL_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
IGNORED_IN_COMMANDS = ("name", "paths")
_LONGEST_MESSAGE = 160


def check_skill(source: Source, schema: Mapping[str, object]) -> tuple[Finding, ...]:
    """Findings about one SKILL.md; `schema` is schemas/skill.schema.json."""
    front = read_frontmatter(source, Severity.ERROR)
    if front.findings:
        return front.findings
    return (
        *_folder_findings(source, front),
        *_listing_findings(source, front),
        *_schema_findings(source, front, schema),
        *_pre_run_findings(source, front),
    )


def check_command(source: Source, schema: Mapping[str, object]) -> tuple[Finding, ...]:
    """Findings about one command file; it takes the fields of a skill."""
    front = read_frontmatter(source, Severity.WARNING)
    ignored = (
        _finding(source, "ignored-field", Severity.NOTE, f"commands ignore the field {key!r}", line)
        for key, line in front.lines.items()
        if key in IGNORED_IN_COMMANDS
    )
    if front.findings:
        return front.findings
    return (
        *ignored,
        *_schema_findings(source, front, schema),
        *_pre_run_findings(source, front),
    )


def unknown_fields(source: Source, front: Frontmatter, known: Collection[str]) -> Iterator[Finding]:
    """A note for every field that the client does not know."""
    import difflib

    for key in front.values:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            yield _finding(
                source,
                "unknown-field",
                Severity.NOTE,
                f"the client knows no field {key!r}",
                front.lines.get(key, 1),
                hint=f"did you mean {near[0]}?" if near else "",
            )


def _folder_findings(source: Source, front: Frontmatter) -> Iterator[Finding]:
    folder = source.name.partition("/")[0]
    name = front.values.get("name")
    if not SKILL_NAME.match(folder):
        message = f"the skill's folder {folder!r} is no portable name"
        hint = "use small letters, digits and single hyphens"
        yield _finding(source, "skill-name", Severity.WARNING, message, 1, hint=hint)
    if isinstance(name, str) and name != folder:
        message = f"the name {name!r} is only a label; the skill is called {folder!r}"
        line = front.lines.get("name", 1)
        hint = f"write name: {folder}"
        yield _finding(source, "skill-name", Severity.WARNING, message, line, hint=hint)


def _listing_findings(source: Source, front: Frontmatter) -> Iterator[Finding]:
    texts = [str(front.values.get(key) or "") for key in ("description", "when_to_use")]
    length = len(" ".join(text for text in texts if text))
    if not texts[0].strip():
        message = "the skill has no description, so its first paragraph decides when it is used"
        hint = "add a description that says what it does and when to use it"
        yield _finding(source, "no-description", Severity.WARNING, message, 1, hint=hint)
    elif length > LISTING_LIMIT:
        message = f"the client cuts description and when_to_use ({length} characters)"
        line = front.lines["description"]
        expected = f"at most {LISTING_LIMIT} characters"
        yield _finding(source, "long-description", Severity.NOTE, message, line, expected=expected)


def _schema_findings(
    source: Source, front: Frontmatter, schema: Mapping[str, object]
) -> Iterator[Finding]:
    from jsonschema import Draft202012Validator

    properties = schema.get("properties")
    known: Mapping[str, object] = properties if isinstance(properties, dict) else {}
    errors = Draft202012Validator(schema).iter_errors(front.values)
    for error in sorted(errors, key=lambda error: [str(part) for part in error.absolute_path]):
        field = str(error.absolute_path[0]) if error.absolute_path else ""
        rule = known.get(field)
        expected = str(rule.get("description", "")) if isinstance(rule, dict) else ""
        message = f"the field {field!r}: {_short(error.message)}"
        line = front.lines.get(field, 1)
        yield _finding(source, "wrong-field", Severity.WARNING, message, line, expected=expected)
    yield from unknown_fields(source, front, known)


def _pre_run_findings(source: Source, front: Frontmatter) -> Iterator[Finding]:
    for run in pre_runs(source.text):
        for part in not_allowed(run.command, front.values.get("allowed-tools")):
            message = f"the pre-run {_short(part)!r} is not in allowed-tools, which aborts it all"
            hint = f"add Bash({part.split()[0]} *) to allowed-tools"
            yield _finding(source, "pre-run", Severity.WARNING, message, run.line, hint=hint)
        if not ends_safely(run.command):
            message = f"the pre-run {_short(run.command)!r} aborts the invocation when it fails"
            hint = "end it in || true"
            yield _finding(source, "pre-run", Severity.WARNING, message, run.line, hint=hint)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_MESSAGE else line[: _LONGEST_MESSAGE - 1] + "…"


def _finding(  # noqa: PLR0913
    source: Source,
    rule: str,
    severity: Severity,
    message: str,
    line: int,
    *,
    expected: str = "",
    hint: str = "",
) -> Finding:
    return Finding(
        rule=f"sources/{rule}",
        severity=severity,
        message=message,
        location=Location(file=source.shown, line=line),
        expected=expected,
        hint=hint,
        exit_code=0 if severity is Severity.NOTE else 1,
    )
