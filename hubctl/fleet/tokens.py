"""What each file costs in the client's context and when that is paid, per repository and account.

Looks at what stands there now. When a file is paid is the client's measured behaviour, one table in
`model.tokens`; here imports are followed, hubctl's share is told apart and sums are made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from hubctl.config.thresholds import thresholds
from hubctl.documents import DocumentError, read_document
from hubctl.fleet.imports import Import, Reader
from hubctl.fleet.token_files import INSTRUCTIONS, TokenFile, files_of, shown
from hubctl.fleet.walk import CLIENT, Walk
from hubctl.model.address import HOST
from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.item import BlockText
from hubctl.model.tokens import Loaded, cost_of, count_tokens, memory_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hubctl.check.fleet.seen import Link
    from hubctl.fleet.world import World
    from hubctl.model.target import Target

LINES: Final = "instruction_lines"
_CLAUDE: Final = INSTRUCTIONS[:3]
_LIKE_MEMORY: Final = "CLAUDE.md"
_ORDER: Final = [loaded.value for loaded in Loaded]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTokens:
    """One file.

    Attributes:
        path: logical, or from the root (`~` for home) for a file outside the target.
        lines: how many it has. start: tokens paid in every session that it applies to; invoked: on
            top when what `loaded` says comes to pass; ours: how many of both hubctl wrote.
        loaded: when the bulk is paid. imported_by: the file that imports it, "" if none.
    """

    path: str
    lines: int
    start: int
    invoked: int
    ours: int
    loaded: str
    imported_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTokens:
    """One target; the sums are of its own files alone."""

    target: str
    root: str
    files: tuple[FileTokens, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def start(self) -> int:
        """Tokens at the start of each session."""
        return sum(file.start for file in self.files)

    @property
    def invoked(self) -> int:
        """Tokens of everything that may come later, together."""
        return sum(file.invoked for file in self.files)

    @property
    def ours(self) -> int:
        """Tokens of both that hubctl wrote."""
        return sum(file.ours for file in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCosts:
    """All of it.

    Attributes:
        account: tokens that the account adds to the start of every session.
        targets: those asked for. reference: files of the hub, which no session reads.
        findings: what is too long, imports that are not loaded, repositories that are not here.
    """

    account: int
    targets: tuple[TargetTokens, ...]
    reference: tuple[FileTokens, ...]
    findings: tuple[Finding, ...]


def token_costs(world: World, names: Iterable[str]) -> TokenCosts:
    """What the named targets cost, all of them where none is named; reads only.

    Raises:
        UsageError: one of the names is no target of the hub.
    """
    asked = world.names(names)
    located = {name: world.compiler.locate(name) for name in dict.fromkeys((*asked, HOST))}
    counted = {
        name: _Counter(world, found.target).count()
        for name, found in located.items()
        if found.target is not None
    }
    missing = [located[name].finding for name in asked]
    targets = tuple(counted[name] for name in asked if name in counted)
    told = [finding for target in targets for finding in target.findings]
    return TokenCosts(
        account=counted[HOST].start if HOST in counted else 0,
        targets=targets,
        reference=tuple(_reference(world)),
        findings=(*told, *(finding for finding in missing if finding is not None)),
    )


def folded(path: str, files: Sequence[FileTokens]) -> FileTokens:
    """Several files that are loaded alike as one row."""
    return replace(
        files[0],
        path=path,
        lines=sum(file.lines for file in files),
        start=sum(file.start for file in files),
        invoked=sum(file.invoked for file in files),
        ours=sum(file.ours for file in files),
    )


class _Counter:
    """Counts one target; keeps what it gathers on the way."""

    def __init__(self, world: World, target: Target) -> None:
        self._world = world
        self._target = target
        self._home = world.places.home
        self._reader = Reader(
            door=world.door, home=self._home, root="" if target.is_host else target.root
        )
        committed, local = world.ledgers(target)
        self._records = {*committed.ledger.records, *local.ledger.records}
        self._rows: list[FileTokens] = []
        self._findings: list[Finding] = []
        limits = thresholds(world.compiler.head.document)
        self._limit = next(limit for limit in limits if limit.name == LINES)

    def count(self) -> TargetTokens:
        walk = Walk(self._target, self._world.door, self._world.door, follow=True).run()
        files = list(files_of(self._world, self._target, walk))
        self._findings += [self._not_followed(link) for link in walk.links if _is_lost(link)]
        has_claude = any(file.kind in _CLAUDE for file in files)
        seen = {file.absolute for file in files if not _is_agents(file)}
        imported = list(self._imports(files, seen))
        brought = {row.path for row in imported}
        for file in files:
            if file.path not in brought:
                self._add(file, hidden=has_claude and _is_agents(file))
        return TargetTokens(
            target=self._target.name,
            root=self._target.root,
            files=tuple(sorted((*self._rows, *imported), key=_when)),
            findings=tuple(self._findings),
        )

    def _add(self, file: TokenFile, *, hidden: bool) -> None:
        text = (file.data or b"").decode("utf-8", "replace").replace("\r\n", "\n")
        cost = cost_of(file.kind, text, host=self._target.is_host)
        if cost.loaded is Loaded.NEVER:
            return
        row = FileTokens(
            path=file.path,
            lines=len(text.splitlines()),
            start=cost.start,
            invoked=cost.invoked,
            ours=self._ours(file, cost.start + cost.invoked),
            loaded=cost.loaded.value,
        )
        if hidden or file.data is None:
            row = replace(row, start=0, invoked=0, ours=0, loaded=Loaded.NEVER.value)
        elif file.kind in INSTRUCTIONS:
            self._check_length(row, file.absolute)
        self._rows.append(row)

    def _ours(self, file: TokenFile, whole: int) -> int:
        if file.path in self._records:
            return whole
        prefix = f"{file.path}#block:"
        if not any(local.startswith(prefix) for local in self._records):
            return 0
        try:
            parts = list(read_document(file.path, file.data or b"").parts())
        except DocumentError:
            return 0
        texts = [value.text for _, value in parts if isinstance(value, BlockText)]
        return min(whole, sum(count_tokens(memory_text(text)) for text in texts))

    def _imports(self, files: Iterable[TokenFile], seen: set[str]) -> Iterator[FileTokens]:
        loaded = Loaded.ALWAYS if self._target.is_host else Loaded.PROJECT
        for file in files:
            if file.kind not in _CLAUDE or file.data is None:
                continue
            for found in self._reader.imports(file.absolute, file.data, seen):
                if found.data is None:
                    self._findings.append(self._not_loaded(found))
                    continue
                text = found.data.decode("utf-8", "replace")
                yield FileTokens(
                    path=self._shown(found.path),
                    lines=len(text.splitlines()),
                    start=cost_of(_LIKE_MEMORY, text).start,
                    invoked=0,
                    ours=0,
                    loaded=loaded.value,
                    imported_by=self._shown(found.importer),
                )

    def _shown(self, absolute: str) -> str:
        root = self._target.root
        inside = not self._target.is_host and absolute.startswith(f"{root}/")
        return absolute[len(root) + 1 :] if inside else shown(absolute, self._home)

    # -- findings ---------------------------------------------------------------------------------

    def _check_length(self, row: FileTokens, absolute: str) -> None:
        level = self._limit.level(row.lines)
        if not level:
            return
        limit = self._limit.critical if level == "critical" else self._limit.warning
        self._findings.append(
            Finding(
                rule="tokens/long-instructions",
                severity=Severity.WARNING,
                message=f"{row.path} has {row.lines} lines, more than {limit:g}; "
                "every session reads all of them",
                location=Location(file=absolute),
                address=self._address(row.path),
                hint="move what only some files need into .claude/rules/ with `paths:`, and "
                f"procedures into a skill; or raise thresholds.{LINES}",
            )
        )

    def _not_loaded(self, found: Import) -> Finding:
        outside = found.problem == "outside"
        why = "leads out of the repository" if outside else "is not there"
        return Finding(
            rule="tokens/import-outside" if outside else "tokens/import-missing",
            severity=Severity.NOTE,
            message=f"the import @{found.written} {why} and is not counted",
            location=Location(file=found.importer),
            address=self._address(self._shown(found.importer)),
            hint="whoever opens the repository has to approve it; copy it in to be sure"
            if outside
            else "correct the path, or put it between backticks if no import is meant",
        )

    def _not_followed(self, link: Link) -> Finding:
        return Finding(
            rule="tokens/link-outside",
            severity=Severity.NOTE,
            message=f"{link.path} leads out of the repository, to {link.destination}, and is not "
            "counted",
            address=self._address(link.path),
            hint="name the folder it leads to under hub.follow to have it counted",
        )

    def _address(self, path: str) -> str:
        return "" if path.startswith(("/", "~")) else f"{self._target.name}:{path}"


def _when(row: FileTokens) -> int:
    """Earliest first; files that are loaded alike stay in the order they were found."""
    return _ORDER.index(row.loaded)


def _is_lost(link: Link) -> bool:
    return link.state == "outside" and not link.path.startswith(f"{CLIENT}/hooks/")


def _is_agents(file: TokenFile) -> bool:
    return file.kind == "AGENTS.md"


def _reference(world: World) -> Iterator[FileTokens]:
    """Files of the hub, listed because people ask what they cost: nothing."""
    files = world.files
    yield _free(shown(files.path, world.places.home), files.data)
    if files.local is not None:
        yield _free(shown(files.local_path, world.places.home), files.local)
    yield _free("schemas/*.schema.json", b"")


def _free(path: str, data: bytes) -> FileTokens:
    lines = len(data.splitlines())
    return FileTokens(path=path, lines=lines, start=0, invoked=0, ours=0, loaded=Loaded.NEVER.value)
