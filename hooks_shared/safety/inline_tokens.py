"""Splits program text of other languages into names, strings and marks. Comments vanish."""

from hooks_shared.shell.values import words

NAME, STRING, MARK = "name", "string", "mark"
_HASH = words("python perl ruby php julia Rscript awk")
_SLASHES = words("node php groovy deno")
_DASHES = frozenset(("lua", "osascript"))
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_MOST = 4000
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}


class Token:
    """`kind`: NAME (`A::b` and `a->b` as `a.b`), STRING, MARK, or `shell` for `` `…` ``."""

    __slots__ = ("kind", "text")

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text


def tokens(code: str, language: str) -> list[Token]:
    """Tokens of `code`, at most a few thousand."""
    found: list[Token] = []
    pos, end = 0, len(code)
    while pos < end and len(found) < _MOST:
        char = code[pos]
        if char in " \t\r":
            pos += 1
        elif _starts_comment(code, pos, language):
            pos = _behind_comment(code, pos)
        elif char in "'\"" or (char == "`" and language in _BACKTICKS):
            pos = _string(code, pos, language, found)
        elif char in _LETTERS or char in "$@":
            pos = _name(code, pos, found)
        elif char == "%" and language == "ruby" and code[pos + 1 : pos + 3] in ("x(", "x{"):
            pos = _ruby_shell(code, pos, found)
        else:
            pos = _mark(code, pos, found)
    return found


_BACKTICKS = words("node perl ruby php")


def _mark(code: str, pos: int, found: list[Token]) -> int:
    if code[pos] == "." and code[pos + 1 : pos + 2] in _LETTERS:
        return _name(code, pos, found)
    found.append(Token(MARK, code[pos]))
    return pos + 1


def _starts_comment(code: str, pos: int, language: str) -> bool:
    char = code[pos]
    if char == "#":
        return language in _HASH
    if char == "/":
        return language in _SLASHES and code[pos + 1 : pos + 2] in ("/", "*")
    return char == "-" and language in _DASHES and code.startswith("--", pos)


def _behind_comment(code: str, pos: int) -> int:
    closer = "*/" if code.startswith("/*", pos) else "\n"
    close = code.find(closer, pos + 2 if closer == "*/" else pos)
    return len(code) if close < 0 else close + len(closer)


def _name(code: str, pos: int, found: list[Token]) -> int:
    start, end = pos, len(code)
    parts: list[str] = []
    if code[pos] in ".$@":
        pos += 1
        start = pos if code[start] != "." else start
    while pos < end:
        if code[pos] in _LETTERS:
            pos += 1
        elif code.startswith(("::", "->", "?."), pos) and code[pos + 2 : pos + 3] in _LETTERS:
            parts.append(code[start:pos])
            pos += 2
            start = pos
        elif code[pos] == "." and code[pos + 1 : pos + 2] in _LETTERS and pos + 1 < end:
            pos += 1
        else:
            break
    parts.append(code[start:pos])
    text = ".".join(parts)
    found.append(Token(NAME, text) if text else Token(MARK, code[start - 1 : start]))
    return max(pos, start)


def _string(code: str, pos: int, language: str, found: list[Token]) -> int:
    quote = code[pos]
    closer = quote * 3 if language == "python" and code.startswith(quote * 3, pos) else quote
    out: list[str] = []
    start = pos + len(closer)
    pos, end = start, len(code)
    while pos < end and not code.startswith(closer, pos):
        if code[pos] == "\\" and pos + 1 < end:
            char = code[pos + 1]
            out.append(_ESCAPES.get(char, "\\" + char))
            pos += 2
        else:
            out.append(code[pos])
            pos += 1
    prefix = found[-1].text if found else ""
    if prefix in ("f", "r", "b", "rb", "u", "fr") and code[start - len(closer) - 1] == prefix[-1]:
        found.pop()
    kind = "shell" if quote == "`" and language != "node" else STRING
    found.append(Token(kind, "".join(out)))
    return min(pos + len(closer), end)


def _ruby_shell(code: str, pos: int, found: list[Token]) -> int:
    closer = ")" if code[pos + 2] == "(" else "}"
    close = code.find(closer, pos)
    close = len(code) if close < 0 else close
    found.append(Token("shell", code[pos + 3 : close]))
    return close + 1
