"""Semantic versions and what a person asks of one: `1.2.3`, `^1.2`, `~1.2`, `>=1.2,<2`, `*`."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass

from hubctl.errors import UsageError

_VERSION = re.compile(
    r"v?(?P<numbers>\d{1,9}(?:\.\d{1,9}){0,2})"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?\Z"
)
_PART = re.compile(r"(\^|~|>=|<=|>|<|=|)\s*(\S+)\Z")
_ORDERED = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
_Key = tuple[tuple[int, int, int], bool, tuple[tuple[int, int, str], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SemanticVersion:
    """A version; missing numbers are 0, and what follows a `+` does not count.

    Attributes:
        numbers: major, minor, patch. pre: the pre-release's words. given: how many numbers stood.
    """

    numbers: tuple[int, int, int]
    pre: tuple[str, ...] = ()
    given: int = 3

    @property
    def key(self) -> _Key:
        """What versions are ordered by: a pre-release comes before what it precedes."""
        words = tuple((0, int(word), "") if word.isdigit() else (1, 0, word) for word in self.pre)
        return self.numbers, not self.pre, words

    def __str__(self) -> str:
        numbers = ".".join(map(str, self.numbers))
        return f"{numbers}-{'.'.join(self.pre)}" if self.pre else numbers


def read_version(text: str) -> SemanticVersion | None:
    """The version that a text is, with or without a leading `v`; None where it is none."""
    match = _VERSION.match(text.strip())
    if match is None:
        return None
    numbers = [int(part) for part in match["numbers"].split(".")]
    major, minor, patch = (*numbers, 0, 0)[:3]
    pre = tuple(match["pre"].split(".")) if match["pre"] else ()
    return SemanticVersion(numbers=(major, minor, patch), pre=pre, given=len(numbers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which versions are wanted: every (sign, version) of `parts` has to hold."""

    parts: tuple[tuple[str, SemanticVersion], ...] = ()

    def allows(self, version: SemanticVersion) -> bool:
        """Whether a version fits; a pre-release only where the wish names one of the same."""
        if version.pre and not any(
            wanted.pre and wanted.numbers == version.numbers for _, wanted in self.parts
        ):
            return False
        return all(_holds(sign, wanted, version) for sign, wanted in self.parts)


def read_wish(text: str) -> Wish:
    """The wish that a text spells; "" and `*` allow every version.

    Raises:
        UsageError: it is none.
    """
    parts = []
    for piece in text.split(","):
        if piece.strip() in ("", "*"):
            continue
        match = _PART.match(piece.strip())
        version = read_version(match[2]) if match else None
        if match is None or version is None:
            raise UsageError(
                f"not a version that can be asked for: {text!r}",
                hint="write 1.2.3, ^1.2, ~1.2 or >=1.2,<2",
            )
        parts.append((match[1], version))
    return Wish(parts=tuple(parts))


def _holds(sign: str, wanted: SemanticVersion, version: SemanticVersion) -> bool:
    compare = _ORDERED.get(sign)
    if compare is not None:
        return bool(compare(version.key, wanted.key))
    if sign in ("^", "~"):
        kept = _significant(wanted) if sign == "^" else min(wanted.given, 2)
        return version.key >= wanted.key and _same(wanted, version, kept)
    return _same(wanted, version, wanted.given) and version.pre == wanted.pre


def _significant(wanted: SemanticVersion) -> int:
    """How many numbers a compatible version keeps: up to the first that is not 0."""
    first = next((i for i, number in enumerate(wanted.numbers) if number), wanted.given - 1)
    return min(first + 1, wanted.given)


def _same(wanted: SemanticVersion, version: SemanticVersion, count: int) -> bool:
    return wanted.numbers[:count] == version.numbers[:count]
