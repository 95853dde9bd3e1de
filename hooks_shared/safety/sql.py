"""Reads SQL statements far enough to see what they throw away; strings and comments are no SQL."""

_DROPPED = frozenset("TABLE DATABASE SCHEMA VIEW KEYSPACE TABLESPACE USER ROLE COLLECTION".split())


def lost(text: str) -> str:
    """The rule that the worst statement of `text` breaks, "" where none does."""
    found = [rule for rule in (_judge(words) for words in _statements(text)) if rule]
    return "db-drop" if "db-drop" in found else (found[0] if found else "")


def _statements(text: str) -> list[list[str]]:
    """Upper-case words of each statement; `'…'` and comments are left out."""
    statements: list[list[str]] = [[]]
    pos, end = 0, len(text)
    while pos < end:
        char = text[pos]
        if char in "'\"`":
            close = text.find(char, pos + 1)
            if char != "'":
                statements[-1].append("NAME")
            pos = end if close < 0 else close + 1
        elif text.startswith("--", pos):
            close = text.find("\n", pos)
            pos = end if close < 0 else close + 1
        elif text.startswith("/*", pos):
            close = text.find("*/", pos)
            pos = end if close < 0 else close + 2
        elif char == ";" or (char == "\\" and text[pos + 1 : pos + 2].isalpha()):
            statements.append([])
            pos += 1 if char == ";" else 2
        elif char.isalnum() or char == "_":
            start = pos
            while pos < end and (text[pos].isalnum() or text[pos] in "_."):
                pos += 1
            statements[-1].append(text[start:pos].upper())
        else:
            pos += 1
    return statements


def _judge(words: list[str]) -> str:
    while words and words[0] in ("EXPLAIN", "BEGIN", "START", "TRANSACTION", "SET", "USE"):
        if words[0] in ("EXPLAIN", "SET"):
            return ""
        words = words[1:]
    if not words:
        return ""
    verb, second = words[0], words[1] if len(words) > 1 else ""
    if verb == "DROP":
        return _dropped(words)
    if verb == "TRUNCATE":
        return "db-drop"
    if verb == "DELETE" and second == "FROM":
        return "" if "WHERE" in words and not _always(words) else "db-delete"
    if verb == "UPDATE" and "SET" in words:
        return "" if "WHERE" in words and not _always(words) else "db-update"
    if verb == "ALTER" and "DROP" in words:
        return "db-alter"
    if verb == "WITH" and "DELETE" in words and "WHERE" not in words:
        return "db-delete"
    return ""


def _dropped(words: list[str]) -> str:
    rest = [word for word in words[1:3] if word not in ("FORCE",)]
    if any(word in ("TEMP", "TEMPORARY") for word in rest):
        return ""
    if any(word in _DROPPED for word in rest) or "MATERIALIZED" in rest:
        return "db-drop"
    return "db-alter"


def _always(words: list[str]) -> bool:
    """`WHERE 1=1`, `WHERE true`."""
    after = words[words.index("WHERE") + 1 :]
    return after in (["1", "1"], ["TRUE"], ["1"])
