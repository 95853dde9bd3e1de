"""Reading edited texts without the editor: values and places by the loader, lines by hand."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hubctl.config.load import Canonical, load
from hubctl.config.places import find_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.config.places import Place

Path = tuple[str, ...]


def read(data: bytes) -> Canonical:
    found = load(data, file="canonical.yaml")
    assert found.usable(), found.findings
    return found


def value(data: bytes) -> Any:
    return read(data).document


def mapping_paths(document: dict[str, Any], path: Path = ()) -> Iterator[Path]:
    """Paths of all mappings, the document's own included."""
    yield path
    for key, inner in document.items():
        if isinstance(inner, dict):
            yield from mapping_paths(inner, (*path, key))


def paths(document: dict[str, Any]) -> list[Path]:
    """Paths of all keys."""
    return [(*path, key) for path in mapping_paths(document) for key in lookup(document, path)]


def lookup(document: Any, path: Path) -> Any:
    for key in path:
        document = document[key]
    return document


def changed(document: dict[str, Any], path: Path, wanted: Any) -> dict[str, Any]:
    """A copy with `wanted` at the path; missing and null mappings on the way are made."""
    result = copy.deepcopy(document)
    inside = result
    for key in path[:-1]:
        if inside.get(key) is None:
            inside[key] = {}
        inside = inside[key]
    inside[path[-1]] = wanted
    return result


def without(document: dict[str, Any], path: Path) -> dict[str, Any]:
    result = copy.deepcopy(document)
    del lookup(result, path[:-1])[path[-1]]
    return result


def lines_of(data: bytes) -> list[bytes]:
    return data.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)


def is_insertion(old: bytes, new: bytes) -> bool:
    """Whether `new` is `old` with whole lines inserted at one place.

    Where the old text has no line end at its end, that line may get one.
    """
    if not old.endswith(b"\n") and new.startswith(old):
        return True
    before, after = lines_of(old), lines_of(new)
    same = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    same = len(before) if same is None else same
    rest = before[same:]
    return not rest or after[-len(rest) :] == rest


def only_changes(old: bytes, new: bytes, first: int, last: int) -> bool:
    """Whether only the lines from `first` to `last` (from 1) differ.

    A line end at the very end of the file may come with them, or go.
    """
    assert old[:3] == new[:3] or old[:3] != b"\xef\xbb\xbf"
    before, after = lines_of(old), lines_of(new)
    head, tail = before[: first - 1], before[last:]
    if not tail:
        text, new = b"".join(head), b"".join(after)
        return new.startswith(text) or text in (new + b"\n", new + b"\r\n")
    kept = len(head) + len(tail) <= len(after)
    return kept and after[: len(head)] == head and after[len(after) - len(tail) :] == tail


def own_lines(data: bytes, path: Path) -> tuple[int, int]:
    """First and last line of an entry, up to the next one; of all of a bracket if it is in one."""
    found = read(data)
    text = data.decode("utf-8-sig").splitlines()
    for length in range(1, len(path)):
        outer = find_place(found.place, path[:length])
        assert outer is not None
        if text[outer.line - 1][outer.column - 1 :].startswith("{"):
            path = path[:length]
            break
    place = find_place(found.place, path)
    assert place is not None and found.place is not None
    inside = {place.key_line, place.line, *lines_inside(place)}
    others = [line for line in lines_inside(found.place) if line > max(inside)]
    return place.key_line, min(others, default=len(text) + 1) - 1


def lines_inside(place: Place) -> Iterator[int]:
    children = place.children or ()
    for child in children.values() if isinstance(children, dict) else children:
        yield from (child.key_line, child.line)
        yield from lines_inside(child)
