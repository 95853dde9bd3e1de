"""JSON text in pieces that put together give exactly the text again.

Containers are opened one at a time, on the way to what is edited; everything else stays the text
it is. The pieces are changed in place, which is why they are not frozen. Expects text that
json_parse has accepted, and reads values with the same decoder, so the two cannot disagree.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")


@dataclass(slots=True, kw_only=True)
class Member:
    """A member of an object, or an element of a list (`key` and `head` are then "").

    Attributes:
        before: space between the bracket or comma and the key.
        head: the key as written, its colon, and the space around that.
        text: the value as written; out of date once `opened`.
        after: space between the value and the comma or bracket.
        offset: where the key (or element) begins in the text, -1 if it was never there.
    """

    before: str
    head: str
    key: str
    text: str
    after: str
    offset: int = -1
    start: int = -1
    opened: Container | None = None

    def raw_value(self) -> str:
        """The value as it will be written."""
        return self.opened.raw() if self.opened is not None else self.text

    def raw(self) -> str:
        """All of it, without the comma."""
        return f"{self.before}{self.head}{self.raw_value()}{self.after}"

    def value(self) -> object:
        """The value as it stands now."""
        return json.loads(self.raw_value())

    def open(self) -> Container | None:
        """The container that this member's value is, None for a scalar."""
        if self.opened is None and self.text[:1] in ("{", "["):
            self.opened = open_container(self.text, self.start)
        return self.opened


@dataclass(slots=True, kw_only=True)
class Container:
    """An object or list; `inner` is the space between the brackets while it has no members.

    `fresh` marks one that was not in the text.
    """

    brackets: str
    members: list[Member] = field(default_factory=list)
    inner: str = ""
    fresh: bool = False

    def raw(self) -> str:
        """The container as it will be written."""
        inner = ",".join([member.raw() for member in self.members]) if self.members else self.inner
        return f"{self.brackets[0]}{inner}{self.brackets[1]}"

    def named(self, key: str) -> list[Member]:
        """The members with a key; more than one where the user wrote it twice."""
        return [member for member in self.members if member.key == key]

    def remove(self, member: Member) -> None:
        """Take a member out; see `remove_at`."""
        self.remove_at(next(i for i, other in enumerate(self.members) if other is member))

    def remove_at(self, index: int) -> None:
        """Take a member out with one comma; its neighbour takes over the layout at the edge."""
        member = self.members.pop(index)
        if not self.members:
            self.inner = ""
        elif index == len(self.members):
            self.members[-1].after = member.after
        elif index == 0:
            self.members[0].before = member.before

    def append(self, member: Member) -> None:
        """Add a member at the end; the bracket keeps its place behind it."""
        if self.members:
            member.after, self.members[-1].after = self.members[-1].after, ""
        self.members.append(member)


def skip_space(text: str, offset: int) -> int:
    """The offset of the next character that is no JSON white space."""
    match = _SPACE.match(text, offset)
    return match.end() if match else offset


def open_container(text: str, base: int = 0) -> Container:
    """The pieces of the container that `text` is; `base` is where it begins in the whole text."""
    keyed = text[0] == "{"
    container = Container(brackets="{}" if keyed else "[]")
    offset = skip_space(text, 1)
    if text[offset] in "}]":
        container.inner = text[1:offset]
        return container
    offset = 0
    while offset == 0 or text[offset] == ",":
        member, offset = _read_member(text, offset + 1, keyed)
        member.offset += base
        member.start += base
        container.members.append(member)
    return container


def _read_member(text: str, offset: int, keyed: bool) -> tuple[Member, int]:
    begin = start = skip_space(text, offset)
    key = ""
    if keyed:
        key, end = _DECODER.raw_decode(text, begin)
        start = skip_space(text, skip_space(text, end) + 1)
    _, end = _DECODER.raw_decode(text, start)
    stop = skip_space(text, end)
    member = Member(
        before=text[offset:begin],
        head=text[begin:start],
        key=key,
        text=text[start:end],
        after=text[end:stop],
        offset=begin,
        start=start,
    )
    return member, stop
