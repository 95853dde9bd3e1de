"""The compiled hub as a file in the cache: written whole, read in parts, thrown away freely.

It is a cache and no more: any doubt about it, and any error reading or writing it, means that
there is none.
"""

from __future__ import annotations

import json
import re
from binascii import crc32
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from hubctl import __version__
from hubctl.fleet.head import CompiledTarget, Head, head_from_json, head_to_json, target_to_json
from hubctl.fleet.hub import hook_interpreter
from hubctl.model.hashing import hash_bytes, hash_json
from hubctl.system.cache import Kept, open_cache, replace_cache
from hubctl.system.data import data_signature
from hubctl.system.places import Places, environment, platform
from hubctl.system.sources_state import sources_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.fleet.hub import HubFiles
    from hubctl.system.cache import CacheFile

FORMAT = "hubctl/compiled 3"
_VARIABLE = re.compile(rb"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
_ESCAPE = re.compile(rb"\\[xuU\r\n]")
_LENGTHS = 24  # the file begins with length and checksum of its first part in this many bytes


class DamagedError(Exception):
    """A part of the file is not what was written."""


class Raw(NamedTuple):
    """A compiled target as it stands in the file: expanded path; row and resolved spec as JSON."""

    path: str
    row: bytes
    spec: bytes


@dataclass(frozen=True, slots=True)
class CompiledFile:
    """An open compiled hub; what reads a part of it raises DamagedError."""

    head: Head
    _index: Mapping[str, list[Any]] = field(repr=False)
    _base: int
    _stream: CacheFile | Kept = field(repr=False)

    def path(self, name: str) -> str:
        """Expanded path of a repository."""
        return str(self._index[name][2])

    def row(self, name: str) -> list[Any]:
        """The compiled target as JSON."""
        found: list[Any] = self._line(name, 0)
        return found

    def has(self, name: str) -> bool:
        """Whether a target stands in the file."""
        return name in self._index

    def raw(self, name: str) -> Raw:
        """A target as it stands in the file."""
        row, spec, path = self._index[name]
        return Raw(str(path), self._part(row), self._part(spec))

    def spec(self, name: str) -> Mapping[str, Any]:
        """The resolved spec."""
        found: dict[str, Any] = self._line(name, 1)
        return found

    def _line(self, name: str, which: int) -> Any:
        return json.loads(self._part(self._index[name][which]))

    def _part(self, place: list[int]) -> bytes:
        start, length, checksum = place
        data = self._stream.part(self._base + start, length)
        if crc32(data) != checksum:
            raise DamagedError
        return data


@dataclass(frozen=True, slots=True, kw_only=True)
class CachePlace:
    """Where the caches of one hub lie, as the hub is now.

    Attributes:
        key: hash of everything that compiling depends on.
        is_settled: the key tells this state from a next one: no source changed just now.
        compiled, snapshots: paths of the files.
    """

    key: str
    is_settled: bool
    compiled: str
    snapshots: str


def cache_place(files: HubFiles, places: Places) -> CachePlace:
    """Where the caches of these files lie."""
    sources = sources_state(files.folder)
    key = compiled_key(files, places, sources.signature, environment())
    path = files.path.encode("utf-8", "surrogateescape")
    hub = hash_bytes(path).removeprefix("sha256:")[:16]
    return CachePlace(
        key=key,
        is_settled=sources.is_settled,
        compiled=f"{places.cache}/compiled/{hub}/{key[:32]}.jsonl",
        snapshots=f"{places.cache}/snapshots/{hub}.jsonl",
    )


def compiled_key(files: HubFiles, places: Places, sources: str, env: Mapping[str, str]) -> str:
    """Hash of everything that compiling depends on; `sources` is their signature.

    `env` is the environment, because paths in canonical.yaml may use its variables: only those
    that the files name count.
    """
    parts = [
        FORMAT,
        __version__,
        files.path,
        hash_bytes(files.data),
        hash_bytes(files.local) if files.local is not None else "",
        sources,
        data_signature(),
        [hook_interpreter(), platform(), *(getattr(places, name) for name in Places.__slots__)],
        sorted(_variables(files.data + (files.local or b""), env).items()),
    ]
    return hash_json(parts).removeprefix("sha256:")


def _variables(text: bytes, env: Mapping[str, str]) -> Mapping[str, str]:
    """The variables that a text may name; all of them where it spells characters by number."""
    if _ESCAPE.search(text):
        return env
    names = {name.decode() for name in _VARIABLE.findall(text)}
    return {name: env[name] for name in names if name in env}


def open_compiled(place: CachePlace) -> CompiledFile | None:
    """The compiled hub, None where the cache has none."""
    stream = open_cache(place.compiled)
    if stream is None:
        return None
    try:
        length, checksum = map(int, stream.part(0, _LENGTHS).split())
        first = stream.part(_LENGTHS, length)
        found = json.loads(first)
        if crc32(first) != checksum or found["key"] != place.key:
            return None
        return CompiledFile(
            head_from_json(found["head"]), found["index"], _LENGTHS + length, stream
        )
    except (ValueError, KeyError, TypeError):
        return None


def keep_compiled(place: CachePlace, head: Head, targets: Mapping[str, Raw]) -> CompiledFile:
    """A compiled hub of all its targets; written to the cache, where one can be written."""
    body = bytearray()
    index: dict[str, list[Any]] = {}
    for name in head.names:
        raw = targets[name]
        index[name] = [_append(body, raw.row), _append(body, raw.spec), raw.path]
    first = _line({"key": place.key, "head": head_to_json(head), "index": index})
    data = b"%12d%12d%s%s" % (len(first), crc32(first), first, body)
    if place.is_settled:
        replace_cache(place.compiled, data, alone=True)
    return open_compiled(place) or CompiledFile(head, index, _LENGTHS + len(first), Kept(data))


def raw_of(target: CompiledTarget) -> Raw:
    """A compiled target as it stands in the file."""
    return Raw(target.path, _line(target_to_json(target)), _line(target.spec))


def _append(body: bytearray, line: bytes) -> list[int]:
    start = len(body)
    body += line + b"\n"
    return [start, len(line), crc32(line)]


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("utf-8", "surrogatepass")
