"""Renders `.mcp.json`: the MCP servers of a repository, field by field; other servers stay.

`args` and other lists are owned whole: their order means something. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.config.secrets import is_sensitive
from hubctl.model.address import Address
from hubctl.model.item import Item, JsonValue
from hubctl.render.fields import flatten
from hubctl.render.spec import map_at, shared_scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.model.target import Subject

NAME = "mcp"
PATH = ".mcp.json"


def render(subject: Subject) -> Iterator[Item]:
    """One item per field of every server below `mcpServers`."""
    for leaf in flatten({"mcpServers": dict(map_at(subject.spec, "mcp"))}, _nothing_is_set_like):
        if leaf.keys != ("mcpServers",):
            yield Item(
                address=Address(target=subject.target.name, path=PATH, fragment=leaf.fragment),
                value=JsonValue(value=leaf.value),
                scope=shared_scope(subject),
                renderer=NAME,
                spec=("mcp", *leaf.spec[1:]),
                sensitive=is_sensitive(leaf.keys),
            )


def _nothing_is_set_like(_keys: tuple[str, ...]) -> bool:
    return False
