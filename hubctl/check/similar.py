"""How alike two texts are, from sketches small enough to be kept of every file of a fleet.

A text is the set of its runs of three words. Its sketch holds 64 one-byte minima of one hash over
that set, packed into 16 integers of four: equal bytes estimate the share of runs that two texts
have in common (Jaccard). The standard error is below 0.05 at the threshold. Pure.
"""

from __future__ import annotations

import re
from binascii import crc32
from hashlib import blake2b
from typing import Final

ALIKE: Final = 0.85
"""From this share of common runs on, two texts are nearly equal."""

_ORIGIN: Final = re.compile(rb"(?m)^(?:<!--|#) hubctl: from .+, then run hubctl apply(?: -->)?$")
_FEWEST_WORDS: Final = 30  # of fewer, one changed word is too much of the text
_MOST_WORDS: Final = 20_000
_BINS: Final = 64
_BAND: Final = 4


def words_of(data: bytes) -> list[bytes]:
    """The words of a text: neither its line ends and spacing nor hubctl's origin line count."""
    if b"hubctl: from" in data:
        data = _ORIGIN.sub(b"", data)
    return data.removeprefix(b"\xef\xbb\xbf").split()


def digest_of(words: list[bytes]) -> str:
    """Equal for equal words; "" for none."""
    return blake2b(b" ".join(words), digest_size=8).hexdigest() if words else ""


def sketch_of(words: list[bytes]) -> str:
    """The sketch as 128 hexadecimal digits; "" for a text too short to be compared."""
    if len(words) < _FEWEST_WORDS:
        return ""
    words = words[:_MOST_WORDS]
    one = map(crc32, words)
    two = map(crc32, words[1:], one)
    runs = list(map(crc32, words[2:], two))  # of three words each; all of it in C
    # Descending, so that the last one put into a bin is its least.
    least = {value >> 26: value for value in sorted(runs, reverse=True)}
    return bytes(1 + least[n] % 255 if n in least else 0 for n in range(_BINS)).hex()


def alike(one: str, other: str) -> float:
    """The estimated share of common runs of two sketches, 0 to 1; 0 where one is ""."""
    if one == other:
        return 1.0 if one else 0.0
    pairs = list(zip(bytes.fromhex(one), bytes.fromhex(other), strict=False))
    filled = sum(1 for a, b in pairs if a or b)
    return sum(1 for a, b in pairs if a and a == b) / filled if filled else 0.0


def bands(sketch: str) -> tuple[tuple[int, int], ...]:
    """The (position, integer) pairs of a sketch; texts that are alike share one nearly surely.

    At the threshold they miss each other once in a hundred thousand times.
    """
    data = bytes.fromhex(sketch)
    packed = (int.from_bytes(data[at : at + _BAND]) for at in range(0, len(data), _BAND))
    return tuple((position, value) for position, value in enumerate(packed) if value)
