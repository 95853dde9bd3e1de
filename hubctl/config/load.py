"""Loading canonical.yaml: bytes become one value with the place of everything in it.

Takes bytes and never opens a file. Says what is no YAML, or more than the limits; whether the keys
are ours is `schema.py`, whether they make sense together `semantics.py`.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Any

from hubctl.config.places import DocPath, Place, find_place, path_text
from hubctl.config.problems import problem
from hubctl.config.screen import screen
from hubctl.config.syntax import events, is_libyaml_alone, syntax_finding
from hubctl.config.values import Builder, RefusedError
from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.hashing import hash_bytes

LOCAL = "canonical.local.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Canonical:
    """A loaded canonical.yaml.

    Attributes:
        file, local_file: how the two files are named in findings.
        document: the content as JSON values, not to be changed (aliases share). The content of
            canonical.local.yaml stands under the key LOCAL, which no canonical.yaml can have.
        findings: everything wrong with the two files as YAML, in order of place.
        revision: `sha256:…` of the bytes of canonical.yaml.
        place, local_place: where everything stands.
    """

    file: str
    document: dict[str, Any]
    findings: tuple[Finding, ...]
    revision: str
    local_file: str = ""
    place: Place | None = None
    local_place: Place | None = None

    def location(self, path: DocPath, *, value: bool = False) -> Location:
        """Where the key at `path` stands (the element itself in a list; its value if `value`).

        What does not exist is located at the nearest thing around it.
        """
        file, root = self.file, self.place
        if path[:1] == (LOCAL,):
            file, root, path = self.local_file, self.local_place, path[1:]
        place = find_place(root, path)
        if place is None:
            return Location(file=file)
        if value:
            return Location(file=file, line=place.line, column=place.column)
        return Location(file=file, line=place.key_line, column=place.key_column)

    def usable(self) -> bool:
        """Whether no finding is an error."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parsed:
    document: dict[str, Any]
    place: Place | None
    findings: tuple[Finding, ...]


def load(
    data: bytes, *, file: str, local: bytes | None = None, local_file: str = "", pure: bool = False
) -> Canonical:
    """Load canonical.yaml, and canonical.local.yaml where there is one; never raises.

    `pure` takes the parser written in Python even where libyaml is installed (tests do).
    """
    own = _parse(data, file, pure=pure, may_be_empty=False)
    beside = _parse(local, local_file, pure=pure, may_be_empty=True) if local is not None else None
    document, findings = own.document, own.findings
    if LOCAL in document:
        document = {key: value for key, value in document.items() if key != LOCAL}
        findings += (_reserved(own, file),)
    if beside:
        document = {**document, LOCAL: beside.document}
        findings += beside.findings
    return Canonical(
        file=file,
        document=document,
        findings=findings,
        revision=hash_bytes(data),
        local_file=local_file,
        place=own.place,
        local_place=beside.place if beside else None,
    )


def _parse(data: bytes, file: str, *, pure: bool, may_be_empty: bool) -> _Parsed:
    text, findings = screen(data, file)
    if findings:
        return _Parsed(document={}, place=None, findings=findings)
    builder = Builder(file)
    stopped = _build(builder, text, file, pure=pure)
    if stopped is None:
        builder = Builder(file)
        stopped = _build(builder, text, file, pure=True) or ()
    found = [*builder.findings, *stopped]
    empty = builder.value is None and may_be_empty
    if not (stopped or empty or isinstance(builder.value, dict)):
        found.append(_no_mapping(builder, file))
    found.sort(key=lambda finding: finding.location or Location(file=file))
    document = builder.value if isinstance(builder.value, dict) else {}
    return _Parsed(document=document, place=builder.place, findings=tuple(found))


def _build(builder: Builder, text: str, file: str, *, pure: bool) -> tuple[Finding, ...] | None:
    """Feed the builder; the finding that stopped it, if one did; None where libyaml erred."""
    from ruamel.yaml.error import YAMLError

    try:
        with closing(events(text, pure=pure)) as found:
            builder.read(found)
    except RefusedError as refused:
        return (refused.finding,)
    except YAMLError as error:
        if is_libyaml_alone(error) and not pure:
            return None
        return (syntax_finding(error, text, file),)
    return ()


def _no_mapping(builder: Builder, file: str) -> Finding:
    place = builder.place
    where = Location(file=file, line=place.line, column=place.column) if place else None
    if builder.value is None:
        return problem(
            "empty",
            "the file is empty",
            where or Location(file=file, line=1, column=1),
            expected="at least one section, such as `repositories:`",
            hint="an empty canonical.yaml would remove everything from every target",
        )
    kind = "a list" if isinstance(builder.value, list) else "a single value"
    return problem(
        "no-mapping",
        f"the file holds {kind}",
        where or Location(file=file),
        expected="sections, such as `repositories:`",
    )


def _reserved(own: _Parsed, file: str) -> Finding:
    place = find_place(own.place, (LOCAL,))
    return problem(
        "unknown-key",
        f"`{LOCAL}` is a file of its own, no section",
        Location(file=file, line=place.key_line, column=place.key_column)
        if place
        else Location(file=file),
        path=path_text((LOCAL,)),
        hint=f"move it into the file {LOCAL} beside this one",
    )
