"""Expanded words as plain strings, in which one private character stands for what is not known.

So `"$X/"*` is UNSET + "/" + STAR, and comparing, joining and slicing stay ordinary.
"""

UNKNOWN = "\ue000"  # what a local program or file says
UNSET = "\ue001"  # a variable that the line does not set, or text made from unknown text
STAR = "\ue002"  # an active `*`
ANY = "\ue003"  # one active `?` or `[…]`
SECRET = "\ue004"  # what a secrets file or the environment says
FETCHED = "\ue005"  # what came over the network
DECODED = "\ue006"  # what a decoder made of unknown text
OPEN = UNKNOWN + UNSET + SECRET + FETCHED + DECODED
MARKERS = OPEN + STAR + ANY
LONGEST = 1 << 16

_HIDE = str.maketrans(dict.fromkeys(MARKERS, "\ufffd"))
_SHOW = str.maketrans(
    {UNKNOWN: "…", UNSET: "$…", STAR: "*", ANY: "?", SECRET: "…", FETCHED: "…", DECODED: "…"}
)
_GLOB = str.maketrans({"*": STAR, "?": ANY})


def words(text: str) -> frozenset[str]:
    """The words of a literal list."""
    return frozenset(text.split())


def without_markers(text: str) -> str:
    """A text from outside, which must not bring markers of its own."""
    return text if text.isascii() else text.translate(_HIDE)


def is_known(value: str) -> bool:
    """Whether nothing in the value is left open, globs included."""
    return value.isascii() or not any(mark in value for mark in MARKERS)


def is_open(value: str) -> bool:
    """Whether the value is wholly unknown."""
    return bool(value) and not value.strip(OPEN + " \n")


def has_open(value: str) -> bool:
    """Whether a part of the value is unknown, globs aside."""
    return not value.isascii() and any(mark in value for mark in OPEN)


def shown(value: str, limit: int = 80) -> str:
    """For people: markers as `*`, `?` and `…`, on one line, shortened."""
    text = " ".join(value.translate(_SHOW).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def bounded(value: str) -> str:
    """A value that cannot grow for ever."""
    return value if len(value) <= LONGEST else value[:LONGEST] + UNKNOWN


def globbed(text: str) -> str:
    """Unquoted text with its glob characters made active."""
    if "py[co" in text:  # how everybody names compiled files
        text = text.replace("py[co]", "pyc").replace("py[cod]", "pyc")
    if "*" in text or "?" in text:
        text = text.translate(_GLOB)
    return _brackets(text) if "[" in text and "]" in text else text


def _brackets(text: str) -> str:
    out: list[str] = []
    pos = 0
    while True:
        start = text.find("[", pos)
        close = text.find("]", start + 2) if start >= 0 else -1
        if close < 0:
            out.append(text[pos:])
            return "".join(out)
        out.append(text[pos:start] + ANY)
        pos = close + 1


def last_name(path: str) -> str:
    """What follows the last slash."""
    return path.rstrip("/").rpartition("/")[2]


def normal(path: str) -> str:
    """An absolute path without `.`, `..`, and doubled slashes; markers stay."""
    if "//" not in path and "/." not in path:
        return path.rstrip("/") or "/"
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def joined(folder: str, path: str) -> str:
    """`path` seen from `folder`: absolute, or beginning with what is unknown."""
    if path.startswith("/"):
        return normal(path)
    if path[:1] in OPEN and path:
        return path
    if folder[:1] in OPEN and folder:
        return f"{folder}/{path}"
    return normal(f"{folder}/{path}")
