"""Brace expansion: `{a,b}`, `{1..3}`, nested, across quoted parts, never without bound."""

import itertools

from hooks_shared.shell.tree import TEXT, Part, Word

MOST = 32
_DEEPEST = 8
_MOST_BRACES = 24  # beyond that they are data, and pairing them would take quadratic time

# A word as a flat list: single unquoted characters, and parts that braces only carry along.
_Item = str | Part


def expand_braces(word: Word) -> list[Word]:
    """The words that one word stands for; at most MOST."""
    braces = sum(part.text.count("{") for part in word.parts if part.kind == TEXT)
    if not 0 < braces <= _MOST_BRACES:
        return [word]
    items: list[_Item] = []
    for part in word.parts:
        items += list(part.text) if part.kind == TEXT else [part]
    found = _expanded(items, _DEEPEST)
    return [Word(_parts(one), word.start, word.end) for one in found]


def _parts(items: list[_Item]) -> list[Part]:
    parts: list[Part] = []
    chunk: list[str] = []
    for item in items:
        if isinstance(item, str):
            chunk.append(item)
            continue
        if chunk:
            parts.append(Part(TEXT, "".join(chunk)))
            chunk = []
        parts.append(item)
    if chunk or not parts:
        parts.append(Part(TEXT, "".join(chunk)))
    return parts


def _expanded(items: list[_Item], depth: int) -> list[list[_Item]]:
    """Every choice through the braces of `items`, left to right."""
    found: list[list[_Item]] = [[]]
    pos = 0
    while pos < len(items):
        if items[pos] == "{" and depth:
            close, choices = _choices(items, pos)
            if choices:
                inner = [one for choice in choices for one in _expanded(choice, depth - 1)]
                found = [head + tail for head in found for tail in inner][:MOST]
                pos = close + 1
                continue
            if close < 0:  # never closed: no later brace can be paired with this one
                depth = 0
        for head in found:
            head.append(items[pos])
        pos += 1
    return found


def _choices(items: list[_Item], start: int) -> tuple[int, list[list[_Item]]]:
    """Position of the closing brace (-1: none) and what it offers; [] where it is literal."""
    level, cuts = 0, [start]
    for pos in range(start, len(items)):
        item = items[pos]
        if item == "{":
            level += 1
        elif item == "," and level == 1:
            cuts.append(pos)
        elif item == "}":
            level -= 1
            if level == 0:
                cuts.append(pos)
                if len(cuts) > 2:
                    pairs = itertools.pairwise(cuts)
                    return pos, [items[a + 1 : b] for a, b in pairs][:MOST]
                return pos, _sequence(items[start + 1 : pos])
    return -1, []


def _sequence(items: list[_Item]) -> list[list[_Item]]:
    if not all(isinstance(item, str) for item in items):
        return []
    ends = "".join(str(item) for item in items).split("..")
    if len(ends) not in (2, 3):
        return []
    first, last = ends[0], ends[1]
    if first.isascii() and last.isascii() and first.isdigit() and last.isdigit():
        return [[*str(number)] for number in _between(int(first[:9]), int(last[:9]))]
    if len(first) == len(last) == 1 and first.isalpha() and last.isalpha():
        return [[chr(code)] for code in _between(ord(first), ord(last))]
    return []


def _between(first: int, last: int) -> range:
    step = 1 if last >= first else -1
    return range(first, last + step, step)[:MOST]
