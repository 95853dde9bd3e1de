"""Pages that hooks keep per session: their names, and texts that fit and cannot break them."""

import os

_SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
PAGES = 300  # that one folder keeps
_WIDTHS = (500, 160, 100, 60)  # of an item, tried in turn
_SHOWN = 40  # items of a part at most
PRESERVED, SUMMARIES, BUNDLES = "preserved", "summaries", "bundles"


def page_name(session: str) -> str:
    """A session's id as a file name; "" where nothing of it may be one."""
    return "".join(c for c in session[:64] if c in _SAFE)


def shown(path: str, folder: str) -> str:
    """`path` as a page names it: from `folder` where it lies below it, on one line."""
    inside = folder and path.startswith(folder.rstrip("/") + "/")
    text = os.path.relpath(path, folder) if inside else path
    return text.replace("`", "'").replace("\n", " ")


def shortened(text: str, limit: int) -> str:
    """`text` on one line, at most `limit` characters of it."""
    text = " ".join(text[: limit * 4].split())
    return text if len(text) <= limit else text[: limit - 2].rstrip() + " …"


class Part:
    """A titled list of a page; the least of its items that stay when room is short."""

    __slots__ = ("items", "least", "title")

    def __init__(self, title: str, items: list[str], least: int = 1) -> None:
        self.title = title
        self.items = items
        self.least = least


def fitted(parts: list[Part], most: int) -> str:
    """The parts as text of at most `most` bytes; the longest list gives way first.

    Items that do not fit are counted. Where the least of every part is too much, items are
    shortened, and then only one of each part stays.
    """
    parts = [part for part in parts if part.items]
    for width in _WIDTHS:
        for part in parts:
            part.items[:_SHOWN] = [shortened(item, width) for item in part.items[:_SHOWN]]
        text = _reduced(parts, most, 0)
        if len(text.encode()) <= most:
            return text
    return _reduced(parts, most, 9).encode()[:most].decode("utf-8", "ignore")


def _reduced(parts: list[Part], most: int, below: int) -> str:
    """As much as fits, or the least of each part; with `below` that many fewer, but one."""
    left = {part.title: min(_SHOWN, len(part.items)) for part in parts}
    least = {part.title: max(min(1, part.least), part.least - below) for part in parts}
    while len((text := _text(parts, left)).encode()) > most:
        spare = [part for part in parts if left[part.title] > least[part.title]]
        if not spare:
            break
        left[max(spare, key=lambda part: _size(part, left)).title] -= 1
    return text


def _size(part: Part, left: dict[str, int]) -> int:
    return sum(len(item) for item in part.items[: left[part.title]])


def _text(parts: list[Part], left: dict[str, int]) -> str:
    lines: list[str] = []
    for part in parts:
        kept = part.items[: left[part.title]]
        if len(part.items) == 1 and part.least == 1 and not part.title.endswith("s"):
            lines.append(f"{part.title}: {kept[0]}")
            continue
        more = len(part.items) - len(kept)
        lines.append(f"{part.title}:")
        lines += [f"- {item}" for item in kept]
        lines += [f"- and {more} more"] if more else []
    return "\n".join(lines)
