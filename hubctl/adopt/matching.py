"""Which commands, skills, agents, rules and styles of a repository are a hub's own, rendered.

A file counts where it is byte for byte (line ends aside) what hubctl would write there. Reads the
hub's sources; never the repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubctl.model.source_names import SKILLS, is_glob
from hubctl.render.origin import with_origin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubctl.adopt.reading import Reading
    from hubctl.model.target import Source
    from hubctl.system.sources import Sources

KINDS: Final = ("commands", "skills", "agents", "rules", "output-styles")


def matching_names(
    reading: Reading, sources: Sources, base: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Key of the spec → names all of whose files stand in the repository as hubctl writes them.

    `base` are the names that defaults and profiles bring: such a name is kept as it is spelled.
    """
    return {
        kind.replace("-", "_"): _names(reading, sources, kind, base.get(kind.replace("-", "_"), ()))
        for kind in KINDS
    }


def _names(reading: Reading, sources: Sources, kind: str, base: Sequence[str]) -> list[str]:
    if not any(path.startswith(f".claude/{kind}/") for path in reading.texts):
        return []
    chosen: list[str] = []
    covered: set[str] = set()
    single = [name for name in sources.names(kind) if not name.endswith("/") or kind == SKILLS]
    for name in (*base, *single):
        found = sources.find(kind, (name,)).sources
        files = {source.name for source in found}
        fits = found and all(_stands(reading, kind, source) for source in found)
        if fits and (not files <= covered or (name in base and not is_glob(name))):
            chosen.append(name)
            covered |= files
    return list(dict.fromkeys(chosen))


def _stands(reading: Reading, kind: str, source: Source) -> bool:
    data = reading.texts.get(f".claude/{kind}/{source.name}")
    if data is None:
        return False
    text = with_origin(kind, source.name, source.text, source.shown)
    return data.replace(b"\r\n", b"\n") == text.encode("utf-8", "surrogateescape")
