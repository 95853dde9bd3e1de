"""YAML texts as people write them: every style that a canonical.yaml may come in, mixed at random.

`documents()` gives valid texts only; the tests read them with the loader, never with the editor.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from hypothesis import strategies as st

KEYS = (
    *("repositories", "api", "web", "path", "language", "profiles", "settings", "env", "global"),
    *("test_command", "allow", "units", "permissions", "hooks", "Bash", "x-y", "a_b", "größe"),
    *('"quoted key"', "'it''s'", '"a: b"', '"8080"', "ключ", "z.y", "'#'", '""'),
)
PLAIN = (
    *("python", "~/src/api", "uv run pytest tests/ -x", "Bash(git status)", "speckit.*", "true"),
    *("1", "-2.5", "null", "~", "2026-01-31", "yes", "0x1F", "a#b", "http://h:1/p?q", "über", "🦀"),
    *("x" * 300, "a,b", "{not", "- no"),
)
SAFE = PLAIN[:-3]


@dataclass
class Writer:
    """Writes one document; `rnd` makes every choice."""

    rnd: random.Random
    lines: list[str] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    mappings: list[str] = field(default_factory=list)
    names: int = 0

    def __post_init__(self) -> None:
        self.indent = self.rnd.choice((2, 2, 4, 3))
        self.offset = self.rnd.choice((0, 2, self.indent))
        self.gap = self.rnd.choice((2, 2, 2, 4))
        self.comments = self.rnd.choice((0.0, 0.15, 0.5))
        self.spaced = self.rnd.choice((0.0, 0.2, 1.0))
        self.shares = self.rnd.choice((0.0, 0.0, 0.25))

    def chance(self, share: float) -> bool:
        return self.rnd.random() < share

    def comment(self, column: int) -> None:
        if self.chance(self.comments):
            shift = self.rnd.choice((0, 0, 0, 2))
            self.lines.append(" " * (column + shift) + self.rnd.choice(("# note", "#", "# a: - b")))

    def tail(self) -> str:
        return self.rnd.choice(("  # here", " #", " ")) if self.chance(self.comments / 2) else ""

    # -- collections ---------------------------------------------------------------------------

    def mapping(self, column: int, depth: int, first: str | None = None, most: int = 5) -> None:
        keys = self.rnd.sample(KEYS, self.rnd.randint(1, most))
        if self.mappings and self.chance(self.shares):
            keys.insert(self.rnd.randint(0, len(keys)), "<<")
        for number, key in enumerate(keys):
            if number and self.chance(self.spaced):
                self.lines.append("")
            if first is None or number:
                self.comment(column)
            lead = first if first is not None and not number else " " * column
            if key == "<<":
                self.lines.append(f"{lead}<<: *{self.rnd.choice(self.mappings)}")
            else:
                self.entry(lead + key + ":", column, depth)

    def sequence(self, column: int, depth: int, first: str | None = None) -> None:
        for number in range(self.rnd.randint(1, 4)):
            if first is None or number:
                self.comment(column)
            lead = first if first is not None and not number else " " * column
            self.item(lead + "-" + " " * (self.gap - 1), column + self.gap, depth)

    def item(self, lead: str, column: int, depth: int) -> None:
        kind = self.rnd.random()
        if depth > 0 and kind < 0.25:
            self.mapping(column, depth - 1, first=lead, most=3)
        elif depth > 0 and kind < 0.35:
            self.sequence(column, depth - 1, first=lead)
        else:
            self.inline(lead.rstrip(), lead[len(lead.rstrip()) :], column)

    def entry(self, lead: str, column: int, depth: int) -> None:
        kind = self.rnd.random()
        if depth > 0 and kind < 0.4:
            anchor = self.anchor(self.mappings) if self.chance(self.shares) else ""
            self.lines.append(lead + (f" {anchor}" if anchor else "") + self.tail())
            self.mapping(column + self.indent, depth - 1)
            self.publish(anchor, self.mappings)
        elif depth > 0 and kind < 0.55:
            self.lines.append(lead + self.tail())
            self.sequence(column + self.offset, depth - 1)
        else:
            self.inline(lead, self.rnd.choice((" ", " ", "   ")), column + self.indent)

    def anchor(self, _names: list[str]) -> str:
        self.names += 1
        return f"&a{self.names}"

    def publish(self, anchor: str, names: list[str]) -> None:
        if anchor:
            names.append(anchor[1:])
            self.anchors.append(anchor[1:])

    # -- values on the line of their key -----------------------------------------------------------

    def inline(self, lead: str, gap: str, column: int) -> None:
        """A value behind `lead`; its further lines, if any, stand at `column`."""
        if self.anchors and self.chance(self.shares):
            self.lines.append(f"{lead}{gap}*{self.rnd.choice(self.anchors)}" + self.tail())
            return
        anchor = self.anchor(self.anchors) if self.chance(self.shares) else ""
        gap = f"{gap}{anchor} " if anchor else gap
        one_line = (self._plain, self._plain, self._quoted, self._flow, self._null, self._tagged)
        more = (self._folded_plain, self._folded_quotes, self._flow_lines, self._literal)
        write = self.rnd.choice((*one_line, *more, self._below))
        write(lead, gap, column)
        if anchor:
            self.anchors.append(anchor[1:])

    def _plain(self, lead: str, gap: str, _column: int) -> None:
        self.lines.append(lead + gap + self.rnd.choice(SAFE) + self.tail())

    def _quoted(self, lead: str, gap: str, _column: int) -> None:
        self.lines.append(lead + gap + self.quoted() + self.tail())

    def quoted(self) -> str:
        text = self.rnd.choice(PLAIN)
        return self.rnd.choice((f"'{text}'", f'"{text}"', '"tab\\t \\u00e9"', "'it''s # no'"))

    def _null(self, lead: str, gap: str, _column: int) -> None:
        self.lines.append(lead + gap.rstrip() + self.tail())

    def _tagged(self, lead: str, gap: str, _column: int) -> None:
        self.lines.append(lead + gap + self.rnd.choice(("!!str 5", "!!int 5", "! 5")) + self.tail())

    def _flow(self, lead: str, gap: str, _column: int) -> None:
        self.lines.append(lead + gap + self.flow(2) + self.tail())

    def flow(self, depth: int) -> str:
        kind = self.rnd.random()
        if depth and kind < 0.35:
            inner = [self.flow(depth - 1) for _ in range(self.rnd.randint(0, 3))]
            return "[" + ", ".join(inner) + ("," if inner and self.chance(0.2) else "") + "]"
        if depth and kind < 0.7:
            keys = self.rnd.sample(("a", "b", "c", '"d e"'), self.rnd.randint(0, 3))
            pad = " " if keys and self.chance(0.3) else ""
            inner = [f"{key}: {self.flow(depth - 1)}" for key in keys]
            return "{" + pad + ", ".join(inner) + pad + "}"
        return self.rnd.choice(("one", "2", "true", "'q, ]'", '"x: y"', "~/a", "null"))

    def _flow_lines(self, lead: str, gap: str, column: int) -> None:
        keys = self.rnd.sample(("a", "b", "c", "d"), self.rnd.randint(1, 3))
        self.lines.append(lead + gap + "{" + self.tail())
        for number, key in enumerate(keys):
            comma = "," if number < len(keys) - 1 or self.chance(0.5) else ""
            self.lines.append(" " * column + f"  {key}: {self.flow(1)}{comma}" + self.tail())
        self.lines.append(" " * column + "}")

    def _folded_plain(self, lead: str, gap: str, column: int) -> None:
        self.lines += [lead + gap + "some words", " " * column + "and more" + self.tail()]

    def _folded_quotes(self, lead: str, gap: str, column: int) -> None:
        mark = self.rnd.choice("'\"")
        self.lines += [f"{lead}{gap}{mark}first: {{", "", " " * column + f"last # no{mark}"]

    def _literal(self, lead: str, gap: str, column: int) -> None:
        head = self.rnd.choice(("|", ">", "|-", ">-", "|+", ">+"))
        self.lines.append(lead + gap + head + self.tail())
        self.lines.append(" " * column + "start")
        for text in self.rnd.sample(("text", "# text", "key: text", "", "  deeper"), 3):
            self.lines.append(" " * column + text if text else "")
        self.lines.append(" " * column + "end")
        self.lines += [""] * self.rnd.randint(0, 2)

    def _below(self, lead: str, gap: str, column: int) -> None:
        self.lines += [
            lead + gap.rstrip() + self.tail(),
            " " * column + self.rnd.choice(("below", "'below'")),
        ]
        self.lines[-1] += self.tail()


@dataclass(frozen=True, slots=True)
class Written:
    """A text and whether anything in it is shared by aliases."""

    data: bytes
    shared: bool


@st.composite
def documents(draw: st.DrawFn) -> Written:
    # One seed instead of a choice of hypothesis for each word: ten times faster.
    rnd = random.Random(draw(st.integers(0, 2**32), label="seed"))
    writer = Writer(rnd)
    if rnd.random() < 0.2:
        writer.lines += ["# the hub", ""][: rnd.randint(1, 2)]
    if rnd.random() < 0.2:
        writer.lines.append("---" + writer.tail())
    writer.mapping(0, depth=draw(st.integers(0, 3), label="depth"))
    if rnd.random() < 0.2:
        writer.lines += rnd.choice((["# end"], ["..."], ["", "# end", ""], [""]))
    eol = rnd.choice(("\n", "\n", "\r\n"))
    text = eol.join(writer.lines) + (eol if rnd.random() < 0.7 else "")
    bom = b"\xef\xbb\xbf" if rnd.random() < 0.15 else b""
    return Written(bom + text.encode(), shared=bool(writer.anchors))
