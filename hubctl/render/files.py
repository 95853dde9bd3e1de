"""Copied sources: what commands, skills, agents, rules and output styles have in common.

One source file becomes one whole file below `.claude/`, with its origin line. Which sources a
target has was decided when the spec's names were looked up.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hubctl.model.address import Address
from hubctl.model.item import FileText, Item
from hubctl.model.source_names import select
from hubctl.render.origin import with_origin
from hubctl.render.spec import shared_scope, texts_at

if TYPE_CHECKING:
    from hubctl.model.target import Source, Subject


def render_sources(subject: Subject, kind: str) -> tuple[Item, ...]:
    """One item per source of `kind`, made by the renderer of that name.

    A hub that lies in the client's own folder holds its sources where they are wanted; those
    need no copy.
    """
    key = kind.replace("-", "_")
    items = (_item(subject, kind, key, source) for source in subject.sources.get(kind, ()))
    return tuple(item for item in items if item is not None)


def _item(subject: Subject, kind: str, key: str, source: Source) -> Item | None:
    path = f".claude/{kind}/{source.name}"
    if source.path and source.path == subject.target.absolute(path):
        return None
    return Item(
        address=Address(target=subject.target.name, path=path),
        value=FileText(
            text=with_origin(kind, source.name, source.text, source.shown),
            executable=source.executable,
        ),
        scope=shared_scope(subject),
        renderer=kind,
        spec=(key, *_decider(subject, kind, key, source.name)),
    )


def _decider(subject: Subject, kind: str, key: str, path: str) -> tuple[str, ...]:
    return _naming(texts_at(subject.spec, key), path, kind)


@lru_cache(maxsize=4096)  # a thousand repositories name the same sources
def _naming(names: tuple[str, ...], path: str, kind: str) -> tuple[str, ...]:
    return next(((f"={name}",) for name in names if select(name, (path,), kind)), ())
