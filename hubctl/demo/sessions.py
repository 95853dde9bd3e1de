"""Four weeks of sessions of the demo's repositories: who works when, on what, with which model.

Made up, but made like real ones: full mornings and afternoons, quiet weekends, one repository that
gets most of the work, and yesterday one session that cost more than all the others together. The
same day gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hubctl.demo.dice import Dice, name_of
from hubctl.demo.played import Work, played
from hubctl.system.hooks_package import store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.demo.noted import Line

DAYS = 28
_SATURDAY = 5
_OPUS, _SONNET, _HAIKU = "claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-4-5"
_SHORTEST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Habit:
    """How one repository is worked on: sessions on a week day at most, and models."""

    most: int
    models: tuple[str, ...]


_HABITS = {
    "nautilus_dev": _Habit(most=3, models=(_OPUS, _OPUS, _SONNET)),
    "n8n_dev": _Habit(most=2, models=(_SONNET, _SONNET, _HAIKU)),
    "utxoracle": _Habit(most=2, models=(_SONNET, _OPUS, _SONNET)),
    "liquidation_heatmap": _Habit(most=1, models=(_SONNET, _HAIKU)),
}
# Minutes after midnight between which a session begins.
_MORNING, _AFTERNOON, _EVENING = (525, 690), (800, 1010), (1190, 1290)
_DAYTIMES = (_MORNING, _MORNING, _AFTERNOON, _AFTERNOON, _AFTERNOON, _EVENING)


def session_files(home: str, now: datetime, state: str) -> dict[str, str]:
    """Absolute path → text of every file: transcripts below `home`, the spool below `state`.

    Args:
        home: the account's home folder.
        now: the moment the last session ends before, with its zone.
        state: the hub's folder for hooks.
    """
    files: dict[str, str] = {}
    spooled: list[Line] = []
    for work in _works(home, now.astimezone(), state):
        slug = "".join(c if c.isalnum() else "-" for c in work.folder)
        transcripts, records = played(work, now)
        for name, lines in transcripts.items():
            path = f"{home}/.claude/projects/{slug}/{name}.jsonl"
            files[path] = "".join(json.dumps(line) + "\n" for line in lines)
        spooled += records
    by_day: dict[str, list[str]] = {}
    for record in sorted(spooled, key=lambda one: float(one["t"])):
        day = f"{datetime.fromtimestamp(record['t'], now.tzinfo):%Y%m%d}"
        by_day.setdefault(day, []).append("\n" + store.seal(record) + "\n")
    for day, texts in by_day.items():
        files[f"{state}/spool/{day}-0000.jsonl"] = "".join(texts)
    return files


def _works(home: str, now: datetime, state: str) -> Iterator[Work]:
    for back in range(DAYS - 1, -1, -1):
        # By the calendar: a day on which clocks are changed has other hours.
        day = (now - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
        for name, habit in _HABITS.items():
            dice = Dice(f"{day:%Y%m%d} {name}")
            quiet = day.weekday() >= _SATURDAY
            count = int(dice.happens(25)) if quiet else dice.within(0, habit.most)
            for number in range(count):
                begin = day + timedelta(minutes=dice.within(*dice.one_of(_DAYTIMES)))
                made = _work(home, state, name, f"{day:%Y%m%d} {number}", begin)
                if begin + _SHORTEST < now:
                    yield made
        if back == 1:
            begin = day + timedelta(hours=9, minutes=40)
            yield _work(home, state, "nautilus_dev", f"{day:%Y%m%d} long", begin, is_long=True)
    begin = now - timedelta(minutes=50)
    yield _work(home, state, "utxoracle", f"{begin:%Y%m%d} now", begin)


def _work(  # noqa: PLR0913 - what makes it this one
    home: str, state: str, name: str, seed: str, begin: datetime, *, is_long: bool = False
) -> Work:
    dice = Dice(f"{seed} {name} model")
    folder = f"{home}/src/{name}"
    return Work(
        session=name_of(f"{seed} {name}"),
        folder=folder,
        noted=f"{state}/repositories{folder}/@",
        model=_OPUS if is_long else dice.one_of(_HABITS[name].models),
        begin=begin,
        is_long=is_long,
    )
