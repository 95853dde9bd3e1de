"""Scans words: quotes, escapes, expansions. One pass, and as deep as LIMIT, never deeper.

What is not closed ends with the text, as the shell would refuse it anyway.
"""

from hooks_shared.shell.tree import (
    ARITHMETIC,
    COMMAND,
    PROCESS,
    QUOTED,
    TEXT,
    VARIABLE,
    Part,
    Word,
)
from hooks_shared.shell.values import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.shell.tree import Script

LIMIT = 24  # levels of nesting; people write three
NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_DIGITS = frozenset("0123456789")
_SPECIAL = frozenset("@*#?-$!0123456789")
_META = frozenset(" \t\n;&|<>()")
_STOPS = frozenset(" \t\n;&|<>()'\"\\$`")
_ESCAPED_IN_QUOTES = frozenset('$`"\\')
_EXTENDED_GLOB = frozenset("?*+@!")
_OPERATORS = words(":- := :? :+ ## %% // /# /% ^^ ,,")
_ANSI = {
    "n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v",
    "e": "\x1b", "E": "\x1b", "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip
_CODES = {"x": (2, 16), "u": (4, 16), "U": (8, 16)}


class TooDeepError(Exception):
    """More nesting than anybody writes by hand."""


class Scanner:
    """Position in a text, and how to read one word from there."""

    def __init__(self, text: str, depth: int = 0) -> None:
        self.text = text
        self.end = len(text)
        self.pos = 0
        self.depth = depth

    def script_until(self, closer: str) -> "Script":
        """The parser's part: a script up to the given closing character, which is consumed."""
        raise NotImplementedError

    def nested(self, text: str) -> "Script":
        """The parser's part: another text as a script, one level deeper."""
        raise NotImplementedError

    def deeper(self) -> None:
        """Count one level of nesting more."""
        self.depth += 1
        if self.depth > LIMIT:
            raise TooDeepError

    def at(self, text: str) -> bool:
        """Whether `text` stands here."""
        return self.text.startswith(text, self.pos)

    def word(self, stops: frozenset[str] = _META) -> Word:
        """The word that starts here; it ends before an unquoted character of `stops`."""
        start = self.pos
        parts: list[Part] = []
        text, end = self.text, self.end
        while self.pos < end:
            char = text[self.pos]
            if char in "<>" and text.startswith("(", self.pos + 1) and char in stops:
                self._process(parts)
            elif char == "(" and self._follows_glob(parts):
                self._extended_glob(parts)
            elif char in stops:
                break
            else:
                self._piece(char, parts, stops)
        return Word(parts, start, self.pos)

    def _piece(self, char: str, parts: list[Part], stops: frozenset[str]) -> None:
        if char == "'":
            parts.append(self._single())
        elif char == '"':
            self.pos += 1
            self._double(parts)
        elif char == "\\":
            self._escape(parts)
        elif char == "$":
            self._dollar(parts, False)
        elif char == "`":
            parts.append(self._backtick(False))
        else:
            self._plain(parts, stops)

    def _plain(self, parts: list[Part], stops: frozenset[str]) -> None:
        text, end, pos = self.text, self.end, self.pos
        start = pos
        pos += 1
        while pos < end and text[pos] not in _STOPS and text[pos] not in stops:
            pos += 1
        self.pos = pos
        parts.append(Part(TEXT, text[start:pos]))

    def _single(self) -> Part:
        close = self.text.find("'", self.pos + 1)
        close = self.end if close < 0 else close
        part = Part(QUOTED, self.text[self.pos + 1 : close], True)
        self.pos = min(close + 1, self.end)
        return part

    def _escape(self, parts: list[Part]) -> None:
        following = self.text[self.pos + 1 : self.pos + 2]
        self.pos = min(self.pos + 2, self.end)
        if following != "\n":
            parts.append(Part(QUOTED, following))

    def _double(self, parts: list[Part], closer: str = '"') -> None:
        """Up to the closing quote; with another `closer` the body of a here-document."""
        text, end = self.text, self.end
        start, chunk = self.pos, len(parts)
        while self.pos < end:
            char = text[self.pos]
            if char == closer:
                break
            if char not in "\\$`":
                self.pos += 1
                continue
            self._keep(parts, start)
            self._in_quotes(char, parts)
            start = self.pos
        self._keep(parts, start)
        self.pos = min(self.pos + 1, end)
        if len(parts) == chunk:
            parts.append(Part(QUOTED, "", True))

    def _keep(self, parts: list[Part], start: int) -> None:
        if self.pos > start:
            parts.append(Part(QUOTED, self.text[start : self.pos], True))

    def _in_quotes(self, char: str, parts: list[Part]) -> None:
        if char == "$":
            self._dollar(parts, True)
        elif char == "`":
            parts.append(self._backtick(True))
        else:
            following = self.text[self.pos + 1 : self.pos + 2]
            self.pos = min(self.pos + 2, self.end)
            if following in _ESCAPED_IN_QUOTES:
                parts.append(Part(QUOTED, following, True))
            elif following != "\n":
                parts.append(Part(QUOTED, "\\" + following, True))

    def _dollar(self, parts: list[Part], quoted: bool) -> None:
        following = self.text[self.pos + 1 : self.pos + 2]
        if following == "'" and not quoted:
            parts.append(self._ansi())
        elif following == '"' and not quoted:
            self.pos += 2
            self._double(parts)
        elif following == "(":
            parts.append(self._substitution(quoted))
        elif following == "{":
            parts.append(self._braced(quoted))
        elif following == "[":
            self.pos += 2
            self._arithmetic_until("]", parts, quoted)
        elif following and following in NAME and following not in _DIGITS:
            parts.append(Part(VARIABLE, self._name(self.pos + 1), quoted))
        elif following and following in _SPECIAL:
            self.pos += 2
            parts.append(Part(VARIABLE, following, quoted))
        else:
            self.pos += 1
            parts.append(Part(QUOTED, "$", quoted))

    def _name(self, start: int) -> str:
        text, end, pos = self.text, self.end, start
        while pos < end and text[pos] in NAME:
            pos += 1
        self.pos = pos
        return text[start:pos]

    def _ansi(self) -> Part:
        text, end, pos = self.text, self.end, self.pos + 2
        out: list[str] = []
        while pos < end and text[pos] != "'":
            if text[pos] == "\\" and pos + 1 < end:
                char, pos = _ansi_escape(text, pos + 1)
                out.append(char)
            else:
                out.append(text[pos])
                pos += 1
        self.pos = min(pos + 1, end)
        return Part(QUOTED, "".join(out), True)

    def _backtick(self, quoted: bool) -> Part:
        text, end, pos = self.text, self.end, self.pos + 1
        out: list[str] = []
        while pos < end and text[pos] != "`":
            if text[pos] == "\\" and text[pos + 1 : pos + 2] in ("`", "\\", "$"):
                pos += 1
            out.append(text[pos])
            pos += 1
        self.pos = min(pos + 1, end)
        return Part(COMMAND, "", quoted, script=self.nested("".join(out)))

    def _substitution(self, quoted: bool) -> Part:
        if self.at("$((") and self._closes_twice(self.pos + 3):
            self.pos += 3
            parts: list[Part] = []
            self._arithmetic_until("))", parts, quoted)
            return parts[0]
        self.pos += 2
        return Part(COMMAND, "", quoted, script=self.script_until(")"))

    def _closes_twice(self, pos: int) -> bool:
        """Whether the parenthesis opened before `pos` is closed by `))`."""
        text, end, open_count = self.text, self.end, 0
        while pos < end:
            if text[pos] == "(":
                open_count += 1
            elif text[pos] == ")":
                if open_count == 0:
                    return text.startswith("))", pos)
                open_count -= 1
            pos += 1
        return False

    def _arithmetic_until(self, closer: str, parts: list[Part], quoted: bool) -> None:
        self.deeper()
        inner: list[Part] = []
        open_count = 0
        while self.pos < self.end:
            char = self.text[self.pos]
            if open_count == 0 and self.at(closer):
                break
            if char in "$`":
                self._in_quotes(char, inner)
                continue
            open_count += (char == "(") - (char == ")")
            inner.append(Part(QUOTED, char, True))
            self.pos += 1
        self.pos = min(self.pos + len(closer), self.end)
        self.depth -= 1
        parts.append(Part(ARITHMETIC, "", quoted, word=Word(inner)))

    def skip_arithmetic(self) -> Word:
        """The inside of `((…))`; the position is behind the first two parentheses."""
        parts: list[Part] = []
        self._arithmetic_until("))", parts, False)
        return parts[0].word or Word([])

    def opens_arithmetic(self) -> bool:
        """Whether `((…))` stands here."""
        return self.at("((") and self._closes_twice(self.pos + 2)

    def _braced(self, quoted: bool) -> Part:
        self.deeper()
        self.pos += 2
        prefix = ""
        if self.text[self.pos : self.pos + 1] in ("!", "#") and not self.text.startswith(
            "}", self.pos + 1
        ):
            prefix = self.text[self.pos]
            self.pos += 1
        name = self._name(self.pos) or self.text[self.pos : self.pos + 1]
        if name and name not in NAME and not name[0].isidentifier():
            self.pos += not name.isdigit()
        operator = self._subscript() or self._operator()
        if operator == "[]":
            operator += self._operator()
        word = self._operand(quoted)
        self.depth -= 1
        return Part(VARIABLE, name, quoted, prefix or operator, word)

    def _subscript(self) -> str:
        if not self.at("["):
            return ""
        close = self.text.find("]", self.pos)
        inside = self.text[self.pos + 1 : close]
        self.pos = self.end if close < 0 else close + 1
        return "[]" if inside in ("@", "*") else f"[{inside[:9]}]"

    def _operator(self) -> str:
        found = self.text[self.pos : self.pos + 2]
        if found not in _OPERATORS:
            found = self.text[self.pos : self.pos + 1]
        if found in ("", "}"):
            return ""
        self.pos += len(found)
        return found

    def _operand(self, quoted: bool) -> Word:
        parts: list[Part] = []
        start = self.pos
        while self.pos < self.end and self.text[self.pos] != "}":
            char = self.text[self.pos]
            if char == '"':
                self.pos += 1
                self._double(parts)
            elif quoted and char in "$`\\":
                self._in_quotes(char, parts)
            else:
                self._piece(char, parts, _CLOSING_BRACE)
        self.pos = min(self.pos + 1, self.end)
        return Word(parts, start, self.pos)

    def _process(self, parts: list[Part]) -> None:
        direction = self.text[self.pos]
        self.pos += 2
        parts.append(Part(PROCESS, direction, script=self.script_until(")")))

    def _follows_glob(self, parts: list[Part]) -> bool:
        if not parts or parts[-1].kind != TEXT or not self.pos:
            return False
        return self.text[self.pos - 1] in _EXTENDED_GLOB

    def _extended_glob(self, parts: list[Part]) -> None:
        open_count, pos = 0, self.pos
        while pos < self.end:
            open_count += (self.text[pos] == "(") - (self.text[pos] == ")")
            pos += 1
            if open_count == 0:
                break
        self.pos = pos
        parts.append(Part(TEXT, "*"))

    def heredoc_word(self) -> Word:
        """The whole text as the body of a here-document whose expansions are active."""
        parts: list[Part] = []
        self._double(parts, closer="")
        return Word(parts, 0, self.end)


_CLOSING_BRACE = frozenset("}")


def _ansi_escape(text: str, pos: int) -> tuple[str, int]:
    """The character that an escape of `$'…'` stands for, and the position behind it."""
    char = text[pos]
    if char in _CODES:
        length, base = _CODES[char]
        return _code(text, pos + 1, length, base, "\\" + char)
    if char in "01234567":
        return _code(text, pos, 3, 8, "\\" + char)
    if char == "c":
        return "", pos + 2
    return _ANSI.get(char, "\\" + char), pos + 1


def _code(text: str, pos: int, length: int, base: int, otherwise: str) -> tuple[str, int]:
    digits = "0123456789abcdefABCDEF" if base == 16 else "01234567"
    stop = pos
    while stop < len(text) and stop - pos < length and text[stop] in digits:
        stop += 1
    if stop == pos:
        return otherwise, pos
    value = int(text[pos:stop], base)
    return (chr(value) if 0 < value < 0x110000 else ""), stop
