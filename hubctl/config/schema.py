"""Checking canonical.yaml against its schema: every deviation at once, with place and advice.

The schema is handed in (`schemas/canonical.schema.json`); nothing is read here. Repositories of
one shape are checked once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubctl.config.load import LOCAL, Canonical
from hubctl.config.places import path_text
from hubctl.config.problems import problem
from hubctl.config.schema_words import Complaint, complaints
from hubctl.config.shapes import Shapes
from hubctl.model.finding import Location

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from jsonschema.protocols import Validator

    from hubctl.model.finding import Finding


def check_schema(canonical: Canonical, schema: Mapping[str, Any]) -> tuple[Finding, ...]:
    """All deviations of both files from `schema` (a parsed canonical.schema.json), by place."""
    rules = dict(schema)
    document = {key: part for key, part in canonical.document.items() if key != LOCAL}
    found = _check(document, rules, "repositories")
    if LOCAL in canonical.document:
        local_rules = {"$defs": rules["$defs"], **rules["$defs"]["localFile"]}
        inner = _check(canonical.document[LOCAL], local_rules, "repositories")
        found += [_below_local(complaint) for complaint in inner]
    findings = [_finding(canonical, complaint) for complaint in found]
    return tuple(sorted(findings, key=lambda f: (f.location or Location(file=""), f.path, f.rule)))


def _check(document: Any, rules: dict[str, Any], many: str) -> list[Complaint]:
    """Complaints about a document whose section `many` has entries that are mostly alike."""
    from jsonschema import Draft202012Validator

    validator: Validator = Draft202012Validator(rules)
    section = document.get(many) if isinstance(document, dict) else None
    if not isinstance(section, dict):
        return _complaints(validator, document)
    shapes = _by_shape(section, rules)
    first = {names[0]: section[names[0]] for names in shapes.values()}
    found = _complaints(validator, {**document, many: first})
    bad = {
        complaint.path[1]
        for complaint in found
        if complaint.path[:1] == (many,) and complaint.path[1:]
    }
    alike = {name: section[name] for names in shapes.values() if names[0] in bad for name in names}
    if len(alike) == len(bad):
        return found
    return _complaints(validator, {**document, many: {**first, **alike}})


def _by_shape(section: dict[str, Any], rules: dict[str, Any]) -> dict[Hashable, list[str]]:
    shapes = Shapes(rules)
    found: dict[Hashable, list[str]] = {}
    for name, entry in section.items():
        # The name belongs to the shape: it has rules of its own.
        found.setdefault((shapes.of(name), shapes.of(entry)), []).append(name)
    return found


def _complaints(validator: Validator, document: Any) -> list[Complaint]:
    return [c for error in validator.iter_errors(document) for c in complaints(error)]


def _below_local(complaint: Complaint) -> Complaint:
    from dataclasses import replace

    return replace(complaint, path=(LOCAL, *complaint.path))


def _finding(canonical: Canonical, complaint: Complaint) -> Finding:
    path = complaint.path[1:] if complaint.path[:1] == (LOCAL,) else complaint.path
    return problem(
        complaint.rule,
        complaint.message,
        canonical.location(complaint.path, value=not complaint.at_key),
        path=path_text(path),
        expected=complaint.expected,
        hint=complaint.hint,
    )
