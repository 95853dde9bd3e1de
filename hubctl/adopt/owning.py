"""`--own`: what was merely there becomes the hub's own: written, repaired and in the end deleted.

A field, element or handler only changes its record. A command, skill, agent, rule or style moves
into the hub's folder as a source; in the repository it gets its line of origin with the next apply.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hubctl.adopt.matching import KINDS
from hubctl.adopt.recording import Owned
from hubctl.config.edit import add_to_list
from hubctl.engine.operations import (
    ABSENT_IMAGE,
    FOLDER_IMAGE,
    Batch,
    Operation,
    file_image,
    take_image,
)
from hubctl.errors import UsageError
from hubctl.model.item import FileText, hash_value
from hubctl.model.source_names import SKILLS
from hubctl.model.state import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hubctl.adopt.adoption import Newcomer, Proposal
    from hubctl.engine.operations import Image
    from hubctl.fleet.world import World
    from hubctl.model.address import Address

SOURCES: Final = "sources"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owning:
    """What `--own` adds to a proposal: canonical.yaml, new sources, records by repository."""

    data: bytes
    sources: Batch
    owned: Mapping[str, Owned] = field(default_factory=dict)


def owning(proposal: Proposal, addresses: Sequence[Address]) -> Owning:
    """Let the hub own what stands at `addresses`.

    Raises:
        UsageError: an address of another repository, or one that canonical.yaml cannot own.
    """
    by_name = {newcomer.name: newcomer for newcomer in proposal.newcomers}
    data = proposal.data
    files: dict[str, bytes] = {}
    records: dict[str, dict[str, tuple[str, Scope]]] = {}
    for address in addresses:
        newcomer = by_name.get(address.target)
        if newcomer is None:
            raise UsageError(f"{address} is none of the repositories being adopted")
        kept = records.setdefault(address.target, {})
        if address.fragment:
            kept[address.local] = _record(proposal.world, address)
            continue
        kind, name, paths = _source(newcomer, address)
        data = _listed(proposal.world, data, newcomer.name, kind, name)
        scope = _scope(proposal.world, newcomer.name)
        for path in paths:
            files[path.removeprefix(".claude/")] = newcomer.reading.texts[path]
            kept[path] = (_hash(proposal.world, newcomer, path), scope)
    folder = proposal.world.files.folder
    operations = tuple(_copies(proposal.world, folder, files))
    return Owning(
        data=data,
        sources=Batch(target=SOURCES, root=folder, operations=operations),
        owned={name: Owned(records=kept) for name, kept in records.items()},
    )


def _record(world: World, address: Address) -> tuple[str, Scope]:
    for row in world.compiler.compiled(address.target).rows:
        if row.local == address.local:
            return row.hash, Scope(row.scope)
    raise UsageError(
        f"canonical.yaml says nothing at {address}",
        hint=f"`hubctl show {address.target}` lists what it says after adopting",
    )


def _source(newcomer: Newcomer, address: Address) -> tuple[str, str, list[str]]:
    """Kind, name in canonical.yaml, and the files of the source at an address."""
    kind, _, rest = address.path.removeprefix(".claude/").partition("/")
    inside = address.path.startswith(".claude/") and kind in KINDS
    if not inside or address.path not in newcomer.reading.texts:
        raise UsageError(
            f"hubctl cannot own {address} as a whole",
            hint="it owns commands, skills, agents, rules and output styles; of settings fields",
        )
    if kind != SKILLS:
        return kind, rest.removesuffix(".md"), [address.path]
    skill = rest.partition("/")[0]
    head = f".claude/{SKILLS}/{skill}/"
    return kind, skill, [path for path in newcomer.reading.texts if path.startswith(head)]


def _listed(world: World, data: bytes, name: str, kind: str, source: str) -> bytes:
    key = kind.replace("-", "_")
    if source in world.compiler.spec(name).get(key, ()):
        return data
    path = ("repositories", name, "overrides", key)
    return add_to_list(data, path, source, file=world.files.path)


def _scope(world: World, name: str) -> Scope:
    committed = world.compiler.spec(name).get("commit") is not False
    return Scope.COMMITTED if committed else Scope.LOCAL


def _hash(world: World, newcomer: Newcomer, path: str) -> str:
    look = world.door.look(newcomer.reading.target.absolute(path))
    text = newcomer.reading.texts[path].decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    executable = look is not None and bool(look.mode & 0o111)
    return hash_value(FileText(text=text, executable=executable))


def _copies(world: World, folder: str, files: Mapping[str, bytes]) -> Iterator[Operation]:
    yield from _folders(world, folder, files)
    for path, data in sorted(files.items()):
        place = f"{folder}/{path}"
        before = take_image(world.door, place)
        after = file_image(data, before.mode)
        if before.kind == "absent":
            yield Operation(path=place, before=before, after=after)
        elif not _alike(before, data):
            raise UsageError(f"the hub has another {path} already", hint="rename one of the two")


def _alike(before: Image, data: bytes) -> bool:
    there = before.data or b""
    return there.replace(b"\r\n", b"\n") == data.replace(b"\r\n", b"\n")


def _folders(world: World, folder: str, paths: Iterable[str]) -> Iterator[Operation]:
    wanted: set[str] = set()
    for path in paths:
        parts = path.split("/")[:-1]
        wanted |= {"/".join(parts[: n + 1]) for n in range(len(parts))}
    for name in sorted(wanted):
        if world.door.look(f"{folder}/{name}") is None:
            yield Operation(path=f"{folder}/{name}", before=ABSENT_IMAGE, after=FOLDER_IMAGE)
