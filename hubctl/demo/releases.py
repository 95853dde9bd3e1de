"""What the demo's repositories delivered in these weeks: releases, their commits, a few hotfixes.

Made up as a stream for `git fast-import`, on a branch of its own: what stands in the checkout, its
branch and its history stay as they are. The same day gives the same bytes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hubctl.demo.dice import Dice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_DAYS = 56  # twice what a report compares with
_SATURDAY = 5
# Repository → percent of its week days that end with a release.
_DELIVERS = {"nautilus_dev": 45, "n8n_dev": 25, "utxoracle": 35}
_PERSON = "you <you@example.org>"
_WORDS = ("Read the order book once", "Keep the last fill", "Name the units", "Test the gap")


def release_stream(name: str, now: datetime) -> str:
    """What `git fast-import` makes releases of; "" for a repository that never delivers.

    Args:
        name: the repository's.
        now: the moment the last release was before, with its zone.
    """
    return "".join(
        _release(name, number, moment, mends=mends)
        for number, (moment, mends) in enumerate(_moments(name, now))
    )


def _moments(name: str, now: datetime) -> Iterator[tuple[datetime, bool]]:
    """When each release was, and whether it takes the one before it back."""
    for back in range(_DAYS, -1, -1):
        day = (now - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
        dice = Dice(f"{day:%Y%m%d} {name} release")
        if day.weekday() >= _SATURDAY or not dice.happens(_DELIVERS.get(name, 0)):
            continue
        moment = day + timedelta(minutes=dice.within(600, 1020))
        mended = moment + timedelta(minutes=dice.within(25, 200))
        failed = dice.happens(14)
        if moment < now:
            yield moment, False
        if failed and mended < now:
            yield mended, True


def _release(name: str, number: int, moment: datetime, *, mends: bool) -> str:
    dice = Dice(f"{name} {number} commits")
    hours = [0.3] if mends else sorted(dice.skewed(0.5, 60) for _ in range(dice.within(1, 5)))
    words = ["hotfix: take the last change back"] if mends else [dice.one_of(_WORDS) for _ in hours]
    commits = [
        _commit(moment - timedelta(hours=before), said)
        for before, said in zip(reversed(hours), words, strict=True)
    ]
    version = f"v1.{number}.0"
    tag = f"tag {version}\nfrom refs/heads/releases\n{_by('tagger', moment)}{_data(version)}"
    return "".join(commits) + tag


def _commit(moment: datetime, said: str) -> str:
    people = _by("author", moment) + _by("committer", moment)
    return f"commit refs/heads/releases\n{people}{_data(said)}"


def _by(role: str, moment: datetime) -> str:
    return f"{role} {_PERSON} {int(moment.timestamp())} +0000\n"


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"
