"""Reads SQL statements far enough to see what they throw away; strings and comments are no SQL."""

from hooks_shared.shell.values import words

_DROPPED = words("TABLE DATABASE SCHEMA VIEW KEYSPACE TABLESPACE USER ROLE COLLECTION")


_MOST_QUOTED = 16


def lost(text: str) -> str:
    """The rule that the worst statement of `text` breaks, "" where none does."""
    spoken = [*_statements(text), *(one for code in _run(text) for one in _statements(code))]
    found = [rule for rule in (_judge(one) for one in spoken) if rule]
    return "db-drop" if "db-drop" in found else (found[0] if found else "")


def _run(text: str) -> list[str]:
    """Statements in strings: `EXECUTE '…'`, `EXECUTE IMMEDIATE '…'`, `PREPARE x FROM '…'`."""
    pieces = text.split("'")[: 2 * _MOST_QUOTED]
    found: list[str] = []
    for before, code in zip(pieces[::2], pieces[1::2], strict=False):
        words_before = before.upper().split()[-3:]
        prepared = words_before[-1:] == ["FROM"] and words_before[:1] == ["PREPARE"]
        if prepared or words_before[-1:] in (["EXECUTE"], ["IMMEDIATE"]):
            found.append(code)
    return found


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
        elif (char == "." and not statements[-1]) or (
            char == "\\" and text[pos + 1 : pos + 2].isalpha()
        ):  # a command of the client, up to the end of its line
            statements.append([])
            close = text.find("\n", pos)
            pos = end if close < 0 else close + 1
        elif char == ";":
            statements.append([])
            pos += 1
        elif char.isalnum() or char == "_":
            start = pos
            while pos < end and (text[pos].isalnum() or text[pos] in "_."):
                pos += 1
            statements[-1].append(text[start:pos].upper())
        else:
            pos += 1
    return statements


def _judge(spoken: list[str]) -> str:
    while spoken and spoken[0] in ("BEGIN", "START", "TRANSACTION", "USE"):
        spoken = spoken[1:]
    found = _VERBS.get(spoken[0]) if spoken else None
    return found(spoken) if found is not None else ""


def _deleted(spoken: list[str]) -> str:
    if spoken[1:2] != ["FROM"] or ("WHERE" in spoken and not _always(spoken)):
        return ""
    return "db-delete"


def _updated(spoken: list[str]) -> str:
    if "SET" not in spoken or ("WHERE" in spoken and not _always(spoken)):
        return ""
    return "db-update"


def _altered(spoken: list[str]) -> str:
    return "db-alter" if "DROP" in spoken else ""


def _with(spoken: list[str]) -> str:
    return "db-delete" if "DELETE" in spoken and "WHERE" not in spoken else ""


def _dropped(spoken: list[str]) -> str:
    rest = [word for word in spoken[1:3] if word not in ("FORCE",)]
    if any(word in ("TEMP", "TEMPORARY") or word.startswith("PG_TEMP.") for word in rest):
        return ""
    if any(word in _DROPPED for word in rest) or "MATERIALIZED" in rest:
        return "db-drop"
    return "db-alter"


def _replaced(spoken: list[str]) -> str:
    """`CREATE OR REPLACE TABLE x (…)`: an empty one in place of what is there."""
    return "db-alter" if spoken[1:4] == ["OR", "REPLACE", "TABLE"] and "AS" not in spoken else ""


def _is_wide(spoken: list[str]) -> bool:
    return "FROM" in spoken and "WHERE" not in spoken


def _always(spoken: list[str]) -> bool:
    """`WHERE 1=1`, `WHERE true`."""
    after = spoken[spoken.index("WHERE") + 1 :]
    return after in (["1", "1"], ["TRUE"], ["1"])


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_VERBS: "dict[str, Callable[[list[str]], str]]" = {
    "DROP": _dropped,
    "TRUNCATE": lambda spoken: "db-drop" if len(spoken) > 1 else "",
    "DELETE": _deleted,
    "UPDATE": _updated,
    "ALTER": _altered,
    "WITH": _with,
    "CREATE": _replaced,
    "REMOVE": lambda spoken: "db-drop" if {*spoken[1:2]} & {*_DROPPED, "NAMESPACE"} else "",
    "RESET": lambda spoken: "db-drop" if spoken[1:2] in (["MASTER"], ["SLAVE"]) else "",
    "PURGE": lambda spoken: "db-drop" if "LOGS" in spoken else "",
    "SELECT": lambda spoken: (
        "service-stop" if "PG_TERMINATE_BACKEND" in spoken and _is_wide(spoken) else ""
    ),
}
