"""Splits program text of other languages into names, strings and marks. Comments vanish."""

from hooks_shared.shell.values import globbed, words

NAME, STRING, MARK, FORM, SHELL = "name", "string", "mark", "form", "shell"
HOLE = "\0{"  # begins a value in a FORM, which ends with `}`
_HASH = words("python perl ruby php julia Rscript awk")
_SLASHES = words("node php groovy deno")
_DASHES = frozenset(("lua", "osascript"))
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_MOST = 4000
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}


class Token:
    """One piece of a program.

    Attributes:
        kind: NAME (`A::b` and `a->b` as `a.b`), STRING, MARK, SHELL for `` `…` ``, FORM for a
            string with values in it. text: what it says.
    """

    __slots__ = ("kind", "text")

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text


_RUBY_WORDS = ("%w[", "%w(", "%w{")


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
        elif char in "%q<" and language in ("perl", "ruby"):
            pos = _own_quotes(code, pos, found, language)
        elif char in _LETTERS or char in "$@":
            pos = _name(code, pos, found)
        elif code.startswith(("->", "?."), pos) and code[pos + 2 : pos + 3] in _LETTERS:
            pos = (
                _name(f".{code[pos + 2 : pos + 200]}", 0, found) + pos + 1
            )  # a method behind a bracket
        else:
            pos = _mark(code, pos, found, language)
    return found


_BACKTICKS = words("node perl ruby php julia elixir")


def _own_quotes(code: str, pos: int, found: list[Token], language: str) -> int:
    """What only perl and ruby quote so: commands, lists of words, names of files."""
    if language == "ruby" and code[pos : pos + 3] in _RUBY_WORDS:
        return _ruby_words(code, pos, found)
    if _is_quoted_shell(code, pos, language):
        return _quoted_shell(code, pos, found)
    if language == "perl" and code.startswith(("qw(", "qw/"), pos):
        return _word_list(code, pos, found)
    if language == "perl" and code[pos] == "<" and _perl_glob(code, pos):
        return _glob(code, pos, found)
    plain = code[pos] in _LETTERS
    return _name(code, pos, found) if plain else _mark(code, pos, found, language)


def _mark(code: str, pos: int, found: list[Token], language: str) -> int:
    joins = language in ("php", "perl")  # there a point joins strings
    if code[pos] == "." and not joins and code[pos + 1 : pos + 2] in _LETTERS:
        return _name(code, pos, found)
    double = code.startswith("..", pos)  # joins strings in Lua
    found.append(Token(MARK, ".." if double else code[pos]))
    return pos + 1 + double


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
    prefixed = prefix in _PREFIXES and code[start - len(closer) - 1] == prefix[-1]
    if prefixed:
        found.pop()
    found.append(_quoted("".join(out), quote, language, prefix if prefixed else "", found))
    return min(pos + len(closer), end)


_PREFIXES = words("f F r R b B rb br u fr rf")
_SHELL_TAGS = words("$ sh exec execa zx")
_OPENERS = {"node": "${", "ruby": "#{", "groovy": "${", "deno": "${"}


def _quoted(text: str, quote: str, language: str, prefix: str, found: list[Token]) -> Token:
    """What a quoted text is: a string, a string with values in it, or a shell's command."""
    tagged = bool(found) and found[-1].text in _SHELL_TAGS
    if quote == "`" and (language != "node" or tagged):
        return Token(SHELL, text)
    if "f" in prefix.lower() and "{" in text:
        return Token(FORM, text.replace("{", HOLE))
    if language in ("perl", "php") and quote == '"' and "$" in text:
        return Token(FORM, _dollars(text))
    opener = _OPENERS.get(language, "")
    if opener and opener in text and quote != "'":
        return Token(FORM, text.replace(opener, HOLE))
    return Token(STRING, text)


def _dollars(text: str) -> str:
    """`$name` and `{$name}` of perl and php as holes."""
    pieces = text.replace("{$", "$").split("$")
    out = [pieces[0]]
    for piece in pieces[1:]:
        stop = 0
        while stop < len(piece) and piece[stop] in _LETTERS:
            stop += 1
        rest = piece[stop:].removeprefix("}")
        out.append(f"{HOLE}{piece[:stop]}}}{rest}" if stop else "$" + piece)
    return "".join(out)


def _is_quoted_shell(code: str, pos: int, language: str) -> bool:
    """`%x(…)` of ruby, `qx{…}` of perl."""
    if language == "ruby":
        return code[pos : pos + 3] in ("%x(", "%x{", "%x[")
    return language == "perl" and code[pos : pos + 3] in ("qx(", "qx{", "qx/", "qx[")


def _ruby_words(code: str, pos: int, found: list[Token]) -> int:
    """`%w[a b]`: words as lines."""
    close = code.find({"(": ")", "{": "}", "[": "]"}[code[pos + 2]], pos + 3)
    close = len(code) if close < 0 else close
    found.append(Token(STRING, "\n".join(code[pos + 3 : close].split())))
    return close + 1


def _quoted_shell(code: str, pos: int, found: list[Token]) -> int:
    closer = {"(": ")", "{": "}", "[": "]"}.get(code[pos + 2], code[pos + 2])
    close = code.find(closer, pos + 3)
    close = len(code) if close < 0 else close
    found.append(Token(SHELL, code[pos + 3 : close]))
    return close + 1


def _word_list(code: str, pos: int, found: list[Token]) -> int:
    """`qw(git push)` of perl."""
    close = code.find(")" if code[pos + 2] == "(" else "/", pos + 3)
    close = len(code) if close < 0 else close
    found.append(Token(STRING, " ".join(code[pos + 3 : close].split())))
    return close + 1


def _perl_glob(code: str, pos: int) -> bool:
    """`<*.txt>`: the files of a pattern."""
    close = code.find(">", pos, pos + 80)
    inside = code[pos + 1 : close] if close > 0 else ""
    return ("*" in inside or "/" in inside) and " " not in inside


def _glob(code: str, pos: int, found: list[Token]) -> int:
    close = code.find(">", pos)
    found.append(Token(STRING, globbed(code[pos + 1 : close])))
    return close + 1
