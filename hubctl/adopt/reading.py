"""Reading one repository as the client would: every file it loads there, and what it says.

Reads only, and executes nothing. A file that cannot be read or parsed is a finding with line and
column, and is left as it is; the others go on.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from hubctl.adopt.expressible import Left, Sieve
from hubctl.check.settings_lint import lint_settings
from hubctl.documents.json_places import place_in_json, repeated_keys
from hubctl.engine.observe import Observer
from hubctl.fleet.imports import Reader
from hubctl.fleet.walk import Walk
from hubctl.model.address import Address, join_pointer, parse_address
from hubctl.model.finding import Finding, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hubctl.check.client.rule import Place
    from hubctl.engine.observe import FileView
    from hubctl.model.target import Target
    from hubctl.system.files import Files

# Section of the spec → file, and which place it is for the client.
FILES: Final[tuple[tuple[str, str, Place | None], ...]] = (
    ("settings", ".claude/settings.json", "committed"),
    ("local", ".claude/settings.local.json", "local"),
    ("mcp", ".mcp.json", None),
)
PATHS: Final = {section: path for section, path, _ in FILES}
_TOLD: Final = 40
INSTRUCTIONS: Final = ("CLAUDE.md", ".claude/CLAUDE.md", "CLAUDE.local.md", "AGENTS.md")
_KINDS: Final = {
    "agents": "agent",
    "commands": "command",
    "hooks": "hook script",
    "output-styles": "output style",
    "rules": "rule",
    "skills": "skill file",
}
# What the client makes of a file, by what is wrong with it; the first that fits.
_DOES: Final = (
    (re.compile(r"ignores the whole file"), ""),
    (re.compile(r"merge-conflict|not JSON"), "the client cannot parse it and ignores all of it"),
    (re.compile(r"not UTF-8"), "the client reads other characters there, or ignores the file"),
    (re.compile(r"nested deeper"), "the client may well read it, but hubctl does not"),
    (re.compile(r"digits"), "the client rounds it"),
    (re.compile(r"cannot read|loop of links"), "the client goes on without it"),
    (re.compile(r"leads out of the target"), "the client reads what it leads to, if anything"),
)


_STAYS = "it stays as it is, unmanaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """One file that the client would read: logical path, what it is, and its bytes if kept."""

    path: str
    kind: str
    size: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What stands in one repository.

    Attributes:
        target: where. sections: part of the spec → its content, as far as canonical can say it.
        left: file → what of it stays outside. data: file → bytes, of the structured ones.
        files: everything read. findings: what the client makes of it, with lines.
        texts: logical path → text of every command, skill file, agent, rule and output style.
    """

    target: Target
    sections: Mapping[str, Mapping[str, Any]]
    left: Mapping[str, tuple[Left, ...]] = field(default_factory=dict)
    data: Mapping[str, bytes] = field(default_factory=dict)
    files: tuple[ReadFile, ...] = ()
    findings: tuple[Finding, ...] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict)

    def place(self, path: str, fragment: str) -> Location:
        """Where a fragment stands in a file of this repository."""
        file = self.target.absolute(path)
        address = Address(target=self.target.name, path=path, fragment=fragment)
        found = place_in_json(self.data[path], address) if path in self.data and fragment else None
        return Location(file=file, line=found[0], column=found[1]) if found else Location(file=file)


def read_repository(target: Target, door: Files, home: str, client: str) -> Reading:
    """Read everything that the client would read at a target."""
    observer = Observer(target, door)
    views = {path: observer.file(path) for _, path, _ in FILES}
    sections, left = _sections(views)
    reading = Reading(
        target=target,
        sections=sections,
        left=left,
        data={path: v.data for path, v in views.items() if v.data is not None and not v.problem},
    )
    walk = Walk(target, door, door, follow=True).run()
    texts = {path: _bytes(observer, path) for path in walk.files if _kind(path) in _KINDS}
    files, beside = _others(target, observer, door, home)
    return replace(
        reading,
        files=(*_structured(views), *files, *_walked(walk), *_links(walk)),
        findings=(*_problems(target, views), *_judged(reading, views, client), *beside),
        texts={path: data for path, data in texts.items() if data is not None},
    )


def _sections(
    views: Mapping[str, FileView],
) -> tuple[dict[str, dict[str, Any]], dict[str, tuple[Left, ...]]]:
    sections: dict[str, dict[str, Any]] = {}
    left: dict[str, tuple[Left, ...]] = {}
    for section, path, place in FILES:
        sieve = Sieve()
        root = _root(views[path])
        sections[section] = sieve.mcp(root) if place is None else sieve.settings(root)
        if sieve.left:
            left[path] = tuple(sieve.left)
    return sections, left


def _root(view: FileView) -> Mapping[str, Any]:
    document = view.document()
    root = None if document is None else document.root
    return root if isinstance(root, dict) else {}


def _bytes(observer: Observer, path: str) -> bytes | None:
    view = observer.file(path)
    return None if view.problem else view.data


# -- what is told ----------------------------------------------------------------------------------


def _problems(target: Target, views: Mapping[str, FileView]) -> Iterator[Finding]:
    for path, view in views.items():
        if view.problem is not None:
            yield _as_left_out(view.problem)
        elif view.data is not None and not isinstance(_whole(view), dict):
            yield Finding(
                rule="adopt/no-object",
                severity=Severity.WARNING,
                message="it is no JSON object; the client ignores the whole file",
                location=Location(file=target.absolute(path), line=1, column=1),
                address=f"{target.name}:{path}",
                hint="write an object, {…}, or remove the file; nothing of it was adopted",
                exit_code=1,
            )


def _whole(view: FileView) -> object:
    document = view.document()
    return None if document is None else document.root


def _as_left_out(problem: Finding) -> Finding:
    """The engine's finding, with what the client does, and not as bad: the file is left alone."""
    does = next((text for shape, text in _DOES if shape.search(problem.message)), "")
    says = problem.message
    if problem.location is not None:
        says = says.replace(f"{problem.location.file} leads", "it leads")  # the head names it
    says = f"{says}; {does}" if does else says
    return replace(
        problem,
        rule=problem.rule.replace("read/", "adopt/"),
        severity=Severity.WARNING,
        message=f"{says}; nothing of it was adopted",
        exit_code=1,
    )


def _judged(reading: Reading, views: Mapping[str, FileView], client: str) -> Iterator[Finding]:
    for _, path, place in FILES:
        view = views[path]
        if view.problem is not None or view.data is None:
            continue
        yield from _repeated(reading, path, view.data)
        if place is not None:
            file = f"{reading.target.name}:{path}"
            judged = lint_settings(_root(view), scope=place, client=client, file=file)
            for finding in judged[:_TOLD]:
                address = parse_address(finding.address)
                found = reading.place(path, address.fragment)
                yield replace(finding, location=found, severity=_milder(finding))


def _milder(finding: Finding) -> Severity:
    """What already stands in a repository refuses nothing: it is told, and stays."""
    return Severity.WARNING if finding.severity is Severity.ERROR else finding.severity


def _repeated(reading: Reading, path: str, data: bytes) -> Iterator[Finding]:
    for keys, (line, column) in repeated_keys(data):
        yield Finding(
            rule="adopt/repeated-key",
            severity=Severity.WARNING,
            message=f"the key {keys[-1]!r} stands there twice; the client reads the last one alone",
            location=Location(file=reading.target.absolute(path), line=line, column=column),
            address=f"{reading.target.name}:{path}#{join_pointer(keys)}",
            hint="keep one of them; until then hubctl cannot change it",
            exit_code=1,
        )


def findings_of(reading: Reading) -> Iterator[Finding]:
    """Everything there is to tell of a repository, each place once."""
    left = tuple(left_findings(reading))
    outside = {finding.location for finding in left if finding.location is not None}
    judged = {f.location for f in reading.findings if f.location in outside}
    for finding in reading.findings:
        stays = finding.location in judged
        yield replace(finding, message=f"{finding.message}; {_STAYS}") if stays else finding
    yield from (finding for finding in left if finding.location not in judged)


def left_findings(reading: Reading) -> Iterator[Finding]:
    """The notes that something stays outside of canonical.yaml; of many the first ones."""
    for path, left in reading.left.items():
        for one in left[:_TOLD]:
            yield Finding(
                rule="adopt/left",
                severity=Severity.NOTE,
                message=f"{_STAYS}: {one.reason}",
                location=reading.place(path, one.fragment),
                address=f"{reading.target.name}:{path}#{one.fragment}",
            )
        if len(left) > _TOLD:
            yield Finding(
                rule="adopt/left",
                severity=Severity.NOTE,
                message=f"{len(left) - _TOLD} more things stay as they are, unmanaged",
                location=Location(file=reading.target.absolute(path)),
                address=f"{reading.target.name}:{path}",
            )


# -- other files -----------------------------------------------------------------------------------


def _structured(views: Mapping[str, FileView]) -> Iterator[ReadFile]:
    for path, view in views.items():
        if view.data is not None or view.problem is not None:
            kind = "MCP servers" if path == ".mcp.json" else "settings"
            note = "left as it is" if view.problem else ""
            yield ReadFile(path=path, kind=kind, size=len(view.data or b""), note=note)


def _others(
    target: Target, observer: Observer, door: Files, home: str
) -> tuple[list[ReadFile], list[Finding]]:
    """Instruction files, what they import, and what is wrong with either."""
    files: list[ReadFile] = []
    findings: list[Finding] = []
    seen = {target.absolute(path) for path in INSTRUCTIONS}
    reader = Reader(door=door, home=home, root=target.root)
    for path in INSTRUCTIONS:
        view = observer.file(path)
        if view.problem is not None:
            findings.append(_as_left_out(view.problem))
        elif view.data is not None:
            files.append(ReadFile(path=path, kind="instructions", size=len(view.data)))
            for one in reader.imports(target.absolute(path), view.data, seen):
                shown = os.path.relpath(one.path, target.root)
                size = len(one.data or b"")
                files.append(ReadFile(path=shown, kind="import", size=size, note=one.problem))
    return files, findings


def _kind(path: str) -> str:
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else ""


def _walked(walk: Walk) -> Iterator[ReadFile]:
    for path, look in sorted(walk.files.items()):
        kind = _KINDS.get(_kind(path))
        if kind:
            yield ReadFile(path=path, kind=kind, size=look.size)


def _links(walk: Walk) -> Iterable[ReadFile]:
    return (
        ReadFile(path=link.path, kind="link", note=f"{link.state}: {link.destination}")
        for link in sorted(walk.links, key=lambda link: link.path)
    )
