"""The compiled hub as a file in the cache: written whole, read in parts, thrown away freely.

It is a cache and no more: any doubt about it, and any error reading or writing it, means that
there is none.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hubctl import __version__
from hubctl.fleet.head import CompiledTarget, Head, head_from_json, head_to_json, target_to_json
from hubctl.fleet.hub import hook_interpreter
from hubctl.model.hashing import hash_bytes, hash_json
from hubctl.system.cache import open_cache, replace_cache
from hubctl.system.data import data_signature
from hubctl.system.places import Places, environment, platform
from hubctl.system.sources import sources_signature

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubctl.fleet.hub import HubFiles
    from hubctl.system.cache import CacheFile

FORMAT = "hubctl/compiled 1"
_LENGTHS = 16  # the file begins with the length of its first part, as digits in this many bytes


@dataclass(frozen=True, slots=True)
class CompiledFile:
    """An open compiled hub."""

    head: Head
    _index: Mapping[str, list[Any]] = field(repr=False)
    _base: int
    _stream: CacheFile = field(repr=False)

    def path(self, name: str) -> str:
        """Expanded path of a repository."""
        return str(self._index[name][2])

    def row(self, name: str) -> list[Any]:
        """The compiled target as JSON."""
        found: list[Any] = self._line(name, 0)
        return found

    def spec(self, name: str) -> Mapping[str, Any]:
        """The resolved spec."""
        found: dict[str, Any] = self._line(name, 1)
        return found

    def _line(self, name: str, which: int) -> Any:
        start, length = self._index[name][which]
        return json.loads(self._stream.part(self._base + start, length))


def compiled_key(files: HubFiles, places: Places, env: Mapping[str, str]) -> str:
    """Hash of everything that compiling depends on.

    `env` is the environment, because paths in canonical.yaml may use its variables: only those
    that occur in the files count.
    """
    used = files.data + (files.local or b"")
    variables = {k: v for k, v in env.items() if b"$" in used and k.encode() in used}
    parts = [
        FORMAT,
        __version__,
        files.path,
        hash_bytes(files.data),
        hash_bytes(files.local) if files.local is not None else "",
        sources_signature(files.folder),
        data_signature(),
        [hook_interpreter(), platform(), *(getattr(places, name) for name in Places.__slots__)],
        sorted(variables.items()),
    ]
    return hash_json(parts).removeprefix("sha256:")


def open_compiled(files: HubFiles, places: Places) -> CompiledFile | None:
    """The compiled hub of these files, None where the cache has none."""
    stream = open_cache(_path(files, places))
    if stream is None:
        return None
    try:
        length = int(stream.part(0, _LENGTHS))
        found = json.loads(stream.part(_LENGTHS, length))
        return CompiledFile(
            head_from_json(found["head"]), found["index"], _LENGTHS + length, stream
        )
    except (ValueError, KeyError, TypeError):
        return None


def write_compiled(
    files: HubFiles,
    places: Places,
    head: Head,
    targets: Iterable[CompiledTarget],
) -> CompiledFile | None:
    """Keep a compiled hub; None where the cache cannot be written or read back."""
    body = bytearray()
    index: dict[str, list[Any]] = {}
    for target in targets:
        row = _append(body, target_to_json(target))
        index[target.name] = [row, _append(body, target.spec), target.path]
    first = _line({"head": head_to_json(head), "index": index})
    data = b"%*d%s%s" % (_LENGTHS, len(first), first, body)
    replace_cache(_path(files, places), data, alone=True)
    return open_compiled(files, places)


def _append(body: bytearray, value: object) -> list[int]:
    start = len(body)
    line = _line(value)
    body += line + b"\n"
    return [start, len(line)]


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("utf-8", "surrogatepass")


def hub_key(files: HubFiles) -> str:
    """What the caches of one hub are named by."""
    path = files.path.encode("utf-8", "surrogateescape")
    return hash_bytes(path).removeprefix("sha256:")[:16]


def _path(files: HubFiles, places: Places) -> str:
    key = compiled_key(files, places, environment())
    return f"{places.cache}/compiled/{hub_key(files)}/{key[:32]}.jsonl"
