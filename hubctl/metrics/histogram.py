"""Distributions that can be added: counts of values in buckets that each grow by a twelfth.

Owns the text they are kept as (`bucket:count` with spaces between) and quantiles, which are off by
5 % at most. Pure.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PER_DOUBLING = 8
_NOTHING = -(1 << 20)  # the bucket of zero, and of what is less
_MOST = 1e300  # and what is more: one bucket, so that buckets are in the order of their values


def bucket_of(value: float) -> int:
    """The bucket that a value falls into."""
    if not value > 0:
        return _NOTHING
    return math.floor(_PER_DOUBLING * math.log2(min(value, _MOST)))


def value_of(bucket: int) -> float:
    """The middle of a bucket."""
    return 0.0 if bucket == _NOTHING else 2.0 ** ((bucket + 0.5) / _PER_DOUBLING)


def encode(counts: Mapping[int, int]) -> str:
    """The text of a distribution."""
    return " ".join(f"{bucket}:{count}" for bucket, count in sorted(counts.items()))


def merge(texts: Iterable[str]) -> Counter[int]:
    """The sum of distributions; what is no such text counts nothing."""
    counts: Counter[int] = Counter()
    for text in texts:
        for part in text.split():
            bucket, _, count = part.partition(":")
            try:
                counts[int(bucket)] += int(count)
            except ValueError:
                continue
    return counts


def quantile(counts: Mapping[int, int], part: float) -> float | None:
    """The value that `part` (0 to 1) of all values do not exceed; None where there are none."""
    total = sum(counts.values())
    if not total:
        return None
    wanted = max(1, math.ceil(part * total))
    seen = 0
    for bucket in sorted(counts):
        seen += counts[bucket]
        if seen >= wanted:
            return value_of(bucket)
    return value_of(max(counts))


class Collected:
    """An aggregate of SQLite: the distribution of a column without its nulls, as text."""

    def __init__(self) -> None:
        self._values = array("d")
        # Called for each row: no function of Python's stands between.
        self.step = self._values.append

    def finalize(self) -> str:
        """The text of all."""
        values = sorted(self._values)
        counts, start = {}, 0
        while start < len(values):
            bucket = bucket_of(values[start])
            end = bisect_right(values, bucket, start, key=bucket_of)
            counts[bucket] = end - start
            start = end
        return encode(counts)
