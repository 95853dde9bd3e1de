"""A parsed `.pre-commit-config.yaml`, asked for the entries of its `repos:` list.

An entry answers to `pre-commit/ID` if it has a hook with that id. Hooks of the user's own beside
it in the same entry are not part of the value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.documents.yaml_nodes import (
    Node,
    compose,
    is_null,
    item_nodes,
    member,
    members,
    to_value,
    wrong,
)
from hubctl.model.address import Part
from hubctl.model.item import Handler, hash_value
from hubctl.model.state import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.model.address import Address
    from hubctl.model.item import Value
    from hubctl.model.state import Absent

WHOLE = "(the whole file)"
REPOS = "repos"
EVENT = "pre-commit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of `repos:` that answers to an id.

    Attributes:
        number: its place in the list, from 0.
        value: what it says; without the user's own hooks where `whole` is not set.
        whole: nothing in the entry is the user's.
    """

    number: int
    value: Handler
    whole: bool


def read_yaml(data: bytes) -> YamlDocument:
    """Parse the file; raises DocumentError, also where `repos:` stands twice."""
    return YamlDocument(*compose(data))


class YamlDocument:
    """One pre-commit configuration; `root` is None, its values are nodes."""

    __slots__ = ("_ids", "hashes", "node", "repos", "root", "text")

    def __init__(self, text: str, node: Node | None) -> None:
        self.root: object = None
        self.hashes: dict[tuple[str, str], str] = {}
        self.text = text
        self.node = node
        found = [p for p in members(node) if p[0].id == "scalar" and p[0].value == REPOS]
        if len(found) > 1:
            at = found[1][0].start_mark.index
            raise wrong(text, at, f"the key {REPOS!r} stands here a second time", "keep one")
        self.repos: tuple[Node, Node] | None = found[0] if found else None
        self._ids: list[list[str]] = [_ids_of(entry) for entry in self.entries()]

    def entries(self) -> list[Node]:
        """The nodes of the `repos:` list."""
        return item_nodes(self.repos[1]) if self.repos else []

    def ids(self, number: int) -> list[str]:
        """The hook ids of an entry."""
        return self._ids[number]

    def get(self, address: Address, recorded: str = "") -> Value | Absent:
        """The entry that an address names."""
        found = self.find(address, recorded)
        return found[0].value if found else ABSENT

    def find(self, address: Address, recorded: str = "") -> tuple[Entry, ...]:
        """All entries that answer to an address; an exact match of the record first."""
        event, _, name = address.name.partition("/")
        if address.part is not Part.HANDLER or event != EVENT or not name:
            return ()
        found = [
            self._entry(number, name, recorded)
            for number, ids in enumerate(self._ids)
            if name in ids
        ]
        return tuple(sorted(found, key=lambda entry: hash_value(entry.value) != recorded))

    def _entry(self, number: int, name: str, recorded: str) -> Entry:
        value = to_value(self.entries()[number])
        assert isinstance(value, dict)
        whole = Handler(matcher="", entry=value)
        if len(self._ids[number]) == 1 or hash_value(whole) == recorded:
            return Entry(number=number, value=whole, whole=True)
        mine = [h for h in value["hooks"] if isinstance(h, dict) and h.get("id") == name]
        return Entry(
            number=number, value=Handler(matcher="", entry={**value, "hooks": mine}), whole=False
        )

    def blocked(self, address: Address) -> str | None:
        """`/repos`, or the whole file, where something stands that no entry fits in."""
        del address
        return self.obstacle()

    def obstacle(self) -> str | None:
        """What keeps `repos:` from being a list here, None where nothing does."""
        if self.node is not None and self.node.id != "mapping" and not is_null(self.node):
            return WHOLE
        node = self.repos[1] if self.repos else None
        return None if node is None or node.id == "sequence" or is_null(node) else f"/{REPOS}"

    def parts(self) -> Iterator[tuple[str, Value]]:
        """Every hook of every entry: fragment and value, in order."""
        for number, ids in enumerate(self._ids):
            for name in dict.fromkeys(ids):
                yield f"hook:{EVENT}/{name}", self._entry(number, name, "").value


def hook_nodes(entry: Node) -> list[Node]:
    """The nodes of an entry's hooks."""
    pair = member(entry, "hooks")
    return item_nodes(pair[1]) if pair else []


def hook_id(hook: Node) -> str:
    """The id of a hook node, "" if it has none."""
    pair = member(hook, "id")
    return str(pair[1].value) if pair and pair[1].id == "scalar" else ""


def _ids_of(entry: Node) -> list[str]:
    return [hook_id(hook) for hook in hook_nodes(entry)]


def wanted_ids(value: Handler) -> set[str]:
    """The hook ids in an entry's value."""
    hooks = value.entry.get("hooks")
    known = hooks if isinstance(hooks, (list, tuple)) else ()
    return {str(hook.get("id", "")) for hook in known if isinstance(hook, dict)}
