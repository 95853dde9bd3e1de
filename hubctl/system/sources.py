"""Sources: the commands, skills, agents, rules, styles and fragments that canonical.yaml names.

Each name is looked up in the hub's folder of that kind first, then in what hubctl ships; the first
of the two that knows it provides all of it. Names are untrusted; what may stand in a folder is
decided in source_folders.py. Nothing here writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.source_names import SKILLS, problem_of, select
from hubctl.model.target import Source
from hubctl.system.hook_modules import read_modules
from hubctl.system.source_folders import Folder, list_folder, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHIPPED = "hubctl:templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a list of names led to.

    Attributes:
        sources: sorted by name, each once.
        missing: the names of which nothing is used: unknown, refused or unreadable in part.
        findings: the reason for each of them.
    """

    sources: tuple[Source, ...] = ()
    missing: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class Sources:
    """The sources of one hub; every folder is listed and every file read at most once.

    Make one per run: later changes on the disk are not seen.
    """

    def __init__(self, hub_dir: str, shipped_dir: str) -> None:
        self._hub_dir = hub_dir
        self._modules: tuple[Source, ...] | None = None
        self._bases = ((hub_dir, ""), (shipped_dir, _SHIPPED))
        self._folders: dict[str, tuple[Folder, ...]] = {}
        self._read: dict[str, Source] = {}
        self._found: dict[tuple[str, tuple[str, ...]], Found] = {}

    def find(self, kind: str, names: Sequence[str]) -> Found:
        """The sources of `kind` (one of KINDS) that `names` mean.

        Raises:
            OperationError: a folder cannot be listed (see source_folders.list_folder).
        """
        key = (kind, tuple(names))
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._find(kind, key[1])
        return found

    def _find(self, kind: str, names: tuple[str, ...]) -> Found:
        sources: dict[str, Source] = {}
        missing: list[str] = []
        findings: list[Finding] = []
        for name in dict.fromkeys(names):
            found, problems = self._find_one(kind, name)
            findings += problems
            if problems:
                missing.append(name)
            else:
                sources |= {source.name: source for source in found if source.name not in sources}
        return Found(
            sources=tuple(sources[name] for name in sorted(sources)),
            missing=tuple(missing),
            findings=tuple(findings),
        )

    def hook_modules(self) -> tuple[Source, ...]:
        """The Python modules in the hub's folder `hooks/`, whatever they are."""
        if self._modules is None:
            self._modules = read_modules(self._hub_dir)
        return self._modules

    def names(self, kind: str) -> tuple[str, ...]:
        """Every name that means exactly one source or one folder, sorted, for suggestions."""
        known: set[str] = set()
        for folder in self._listed(kind):
            for path in folder.files:
                known |= set(_names_of(path, kind))
        return tuple(sorted(known))

    def _find_one(self, kind: str, name: str) -> tuple[list[Source], list[Finding]]:
        if problem := problem_of(name, kind):
            return [], [_refused(kind, name, problem)]
        for folder in self._listed(kind):
            paths = select(name, sorted((*folder.files, *folder.refused)), kind)
            if paths:
                return self._load(folder, kind, name, paths)
        return [], [self._unknown(kind, name)]

    def _load(
        self, folder: Folder, kind: str, name: str, paths: tuple[str, ...]
    ) -> tuple[list[Source], list[Finding]]:
        sources: list[Source] = []
        findings: list[Finding] = []
        for path in paths:
            shown = f"{folder.shown}/{path}"
            try:
                if path in folder.refused:
                    raise OperationError(folder.refused[path])
                sources.append(self._source(folder.files[path], path, shown))
            except OperationError as error:
                findings.append(_unusable(kind, name, shown, error.message))
        if kind == SKILLS and not findings:
            findings += _without_skill_file(folder, paths)
        return sources, findings

    def _source(self, real: str, name: str, shown: str) -> Source:
        known = self._read.get(shown)
        if known is None:
            text, executable = read_text(real)
            known = Source(name=name, text=text, shown=shown, executable=executable, path=real)
            self._read[shown] = known
        return known

    def _unknown(self, kind: str, name: str) -> Finding:
        import difflib

        near = difflib.get_close_matches(name, self.names(kind), n=1)
        hint = f"did you mean {near[0]}?" if near else f"add it to the hub's folder {kind}/"
        return Finding(
            rule="sources/not-found",
            severity=Severity.WARNING,
            message=f"{kind}: nothing in the hub or in hubctl is named {name!r}",
            path=f"{kind}/{name}",
            hint=hint,
            exit_code=2,
        )

    def _listed(self, kind: str) -> tuple[Folder, ...]:
        folders = self._folders.get(kind)
        if folders is None:
            folders = tuple(list_folder(base, kind, prefix) for base, prefix in self._bases)
            self._folders[kind] = folders
        return folders


def _names_of(path: str, kind: str) -> Iterator[str]:
    folder, slash, _ = path.partition("/")
    if kind == SKILLS:
        if path == f"{folder}/SKILL.md":
            yield folder
        return
    if slash:
        yield f"{folder}/"
    if path.endswith(".md"):
        yield path.removesuffix(".md")


def _without_skill_file(folder: Folder, paths: tuple[str, ...]) -> Iterator[Finding]:
    for skill in dict.fromkeys(path.partition("/")[0] for path in paths):
        if f"{skill}/SKILL.md" not in paths:
            shown = f"{folder.shown}/{skill}"
            yield _unusable(SKILLS, skill, shown, "it has no SKILL.md, so the client skips it")


def _refused(kind: str, name: str, problem: str) -> Finding:
    return Finding(
        rule="sources/refused-name",
        severity=Severity.ERROR,
        message=f"{kind}: the name {name!r} {problem}",
        expected="a name, a folder (tdd/) or a glob (speckit.*) inside the hub's folder",
        hint=f"name something inside {kind}/",
        exit_code=2,
    )


def _unusable(kind: str, name: str, shown: str, problem: str) -> Finding:
    return Finding(
        rule="sources/unusable",
        severity=Severity.ERROR,
        message=f"{kind}: {name!r} is not used, because of {shown}: {problem}",
        location=Location(file=shown),
        hint=f"repair or remove {shown}",
        exit_code=2,
    )
