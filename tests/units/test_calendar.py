from __future__ import annotations

import re
import subprocess
import zoneinfo
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.errors import UsageError
from hubctl.model.calendar import SECOND, WORDS, Calendar, Span, parse_calendar
from tests.units.runs import next_runs

AFTER = datetime(2024, 2, 10, 11, 22, 33)
ZONES = zoneinfo.available_timezones()

RUNS = [
    ("daily", ["2024-02-11 00:00:00", "2024-02-12 00:00:00"]),
    ("Weekly", ["2024-02-12 00:00:00", "2024-02-19 00:00:00"]),
    ("quarterly", ["2024-04-01 00:00:00", "2024-07-01 00:00:00"]),
    ("semi-annually", ["2024-07-01 00:00:00", "2025-01-01 00:00:00"]),
    ("anually", ["2025-01-01 00:00:00", "2026-01-01 00:00:00"]),
    ("Mon..Fri 09:00", ["2024-02-12 09:00:00", "2024-02-13 09:00:00"]),
    ("Sat,Sun 20:00", ["2024-02-10 20:00:00", "2024-02-11 20:00:00"]),
    ("*:0/15", ["2024-02-10 11:30:00", "2024-02-10 11:45:00"]),
    ("*-*~01", ["2024-02-29 00:00:00", "2024-03-31 00:00:00"]),
    ("Mon *-05~07/1", ["2024-05-27 00:00:00", "2025-05-26 00:00:00"]),
    ("*-*~1..3 4:00", ["2024-02-27 04:00:00", "2024-02-28 04:00:00"]),
    ("*-02-29", ["2024-02-29 00:00:00", "2028-02-29 00:00:00"]),
    ("12,25,89-1-1", ["2025-01-01 00:00:00"]),
    ("*:*:22.5", ["2024-02-10 11:23:22.500000", "2024-02-10 11:24:22.500000"]),
    ("11:22:33..36", ["2024-02-10 11:22:34", "2024-02-10 11:22:35"]),
    ("@1707600000", ["2024-02-10 21:20:00"]),
    ("*-02-30", []),
    ("2023-*-*", []),
]

VALID = [
    *WORDS,
    *("Mon", "mon..FRI", "Mon-Fri 1:00", "Mon,  ", "Mon, 10:00", "2024-01-01 ", "5-5", "70-1-1"),
    *("*-*", "*:*", "*:*:*", "10:00:00.1234567", "*-*~28", "@ +5", "0:0:0/0.5", "*-1..12/3-1"),
    *("daily UTC", "daily utc", "9:00 Europe/Berlin", "9:00 America/Argentina/Ushuaia", "9:00 CET"),
]

INVALID = [
    *("", " ", " daily", "daily ", "daily daily", "Mon daily", "10", "10:", ":10", "24:00", "1:60"),
    *("Sun..Tue", "Mond", "Mon..", "Mon..Tue..Wed", "Mon;Tue", "Mon *-", "Fr", "*-13-1", "*-1-32"),
    *("*-*~29", "*-*~07..01", "*-*~1,28", "*~1-1", "*-*-*-*", "*-*-* 10: 05", "+5:00", "1/0:00"),
    *("*/5:00", "*..5:00", "*:5..1", "*:0:60", "*:0:0..0.5", "*:0:1.", "1969-1-1", "2200-1-1"),
    *("9:00 Europe/", "9:00 /Berlin", "9:00 Nowhere/City", "9:00 Berlin", "9:00 CEST", "@-5", "@x"),
    *("99999999999999999999999:00", "*-*-*T10:00", "1,:00", "9:00\t", "UTC", "@7999999999999"),
]


@pytest.mark.parametrize(("text", "expected"), RUNS)
def test_next_runs(text: str, expected: list[str]) -> None:
    runs = next_runs(parse_calendar(text), AFTER, 2)
    assert [str(run) for run in runs] == expected


def test_runs_keep_the_zone_of_the_moment_they_follow() -> None:
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    run = next_runs(parse_calendar("2:30"), AFTER.replace(tzinfo=berlin), 1)[0]
    assert run == datetime(2024, 2, 11, 2, 30, tzinfo=berlin)


def test_a_component_repeated_a_million_times_a_second_costs_nothing() -> None:
    runs = next_runs(parse_calendar("23:59:0/0.000001"), AFTER, 2)
    assert [run.microsecond for run in runs] == [0, 1]


def test_parts() -> None:
    parsed = parse_calendar("Sun..Sun,Mon 12..14,16/3-1/2~3 8,10:5..25/7:30 Europe/Rome")
    assert parsed == Calendar(
        weekdays=frozenset({0, 6}),
        year=(Span(start=2012, stop=2014, step=1), Span(start=2016, step=3)),
        month=(Span(start=1, step=2),),
        day=(Span(start=3),),
        hour=(Span(start=8), Span(start=10)),
        minute=(Span(start=5, stop=19, step=7),),
        second=(Span(start=30 * SECOND),),
        from_end=True,
        zone="Europe/Rome",
    )


@pytest.mark.parametrize("text", VALID)
def test_valid(text: str) -> None:
    assert isinstance(parse_calendar(text), Calendar)


@pytest.mark.parametrize("text", INVALID)
def test_invalid(text: str) -> None:
    with pytest.raises(UsageError, match="calendar expression"):
        parse_calendar(text)


def test_a_very_long_expression_is_refused_unread() -> None:
    with pytest.raises(UsageError, match="9000 characters"):
        parse_calendar("1" * 9000)


def test_zones_that_are_known_here_decide() -> None:
    assert parse_calendar("daily Mars/Base", zones={"Mars/Base"}).zone == "Mars/Base"
    with pytest.raises(UsageError):
        parse_calendar("daily Europe/Berlin", zones={"Mars/Base"})


def test_every_zone_of_the_time_zone_database_is_taken_by_its_shape() -> None:
    unknown = {"localtime", "posixrules"}  # files that some systems keep beside the zones
    names = {name for name in ZONES if not name.startswith(("posix/", "right/"))} - unknown
    assert len(names) > 400
    assert [name for name in sorted(names) if parse_calendar(f"daily {name}").zone != name] == []


@pytest.mark.usefixtures("systemd_analyze")
def test_the_tables_agree_with_systemd() -> None:
    hints = {"9:00 Nowhere/City"}
    texts = [*VALID, *(text for text, _ in RUNS), *(set(INVALID) - hints)]
    assert [text for text in texts if _valid(text) is not (text in _taken(texts))] == []


_NO_DECIMALS = st.just("")


def _numbers(high: int) -> st.SearchStrategy[str]:
    return st.integers(0, high) | st.sampled_from([0, 1, high, high + 1])


def _span(high: int, decimals: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    number = st.builds("{}{}".format, _numbers(high), decimals)
    steps = st.builds("/{}{}".format, st.integers(0, high), decimals)
    return st.one_of(
        number,
        st.builds("{}..{}".format, number, number),
        st.builds("{}{}".format, number, steps),
        st.builds("{}..{}{}".format, number, number, steps),
    )


def _chain(high: int, decimals: st.SearchStrategy[str] = _NO_DECIMALS) -> st.SearchStrategy[str]:
    spans = st.lists(_span(high, decimals), min_size=1, max_size=3)
    return st.just("*") | spans.map(",".join)


_DAYS = st.sampled_from(["Mon", "tue", "Wednesday", "THU", "Fri", "Saturday", "sun", "Sunda"])
_WEEKDAYS = st.lists(
    st.one_of(_DAYS, st.builds("{}..{}".format, _DAYS, _DAYS)), min_size=1, max_size=3
).map(",".join)
_YEARS = st.sampled_from(["*", "2024", "24", "2020..2030/3", "99", "2024/5"])
_DATES = st.one_of(
    st.builds("{}{}{}".format, _chain(12), st.sampled_from("--~"), _chain(28)),
    st.builds("{}-{}{}{}".format, _YEARS, _chain(12), st.sampled_from("--~"), _chain(28)),
)
_TIMES = st.one_of(
    st.builds("{}:{}".format, _chain(23), _chain(59)),
    st.builds(
        "{}:{}:{}".format,
        _chain(23),
        _chain(59),
        _chain(59, st.sampled_from(["", "", ".5", ".123456", ".9999999", "."])),
    ),
)
_PARTS = st.tuples(
    st.just("") | _WEEKDAYS,
    st.just("") | _DATES,
    st.just("") | _TIMES,
    st.sampled_from(["", "UTC"]),
)
_WELL_FORMED = _PARTS.map(lambda parts: " ".join(part for part in parts if part))
_BROKEN = st.builds(
    lambda text, at, put: text[: at % (len(text) + 1)] + put + text[at % (len(text) + 1) :],
    _WELL_FORMED,
    st.integers(0, 60),
    st.text(st.sampled_from("0159*/.,-~:@ xMon"), max_size=3),
)
_ANY = st.text(st.sampled_from("0123456789*/.,-~:@ MonTueUTC"), max_size=12)


@pytest.mark.usefixtures("systemd_analyze")
@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(_WELL_FORMED, _WELL_FORMED, _BROKEN, _ANY), min_size=25, max_size=60))
def test_systemd_takes_the_same_expressions_and_runs_at_the_same_times(texts: list[str]) -> None:
    systemd = _taken(texts)
    assert {text for text in texts if _valid(text)} == set(systemd)
    for text, expected in systemd.items():
        calendar = parse_calendar(text)
        assert next_runs(calendar, AFTER, len(expected)) == expected, text


def _valid(text: str) -> bool:
    try:
        parse_calendar(text, zones=ZONES)
    except UsageError:
        return False
    return True


def _taken(texts: list[str]) -> dict[str, tuple[datetime, ...]]:
    """The expressions that systemd takes, with the first runs after AFTER."""
    unique = list(dict.fromkeys(texts))
    options = [f"--base-time={AFTER} UTC", "--iterations=3"]
    done = subprocess.run(
        ["systemd-analyze", "calendar", *options, "--", *unique],
        capture_output=True,
        text=True,
        check=False,
        env={"TZ": "UTC", "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
    )
    refused = set(re.findall(r"calendar specification '(.*)': ", done.stderr))
    taken = [text for text in unique if text not in refused]
    blocks = [block for block in done.stdout.split("\n\n") if "Normalized form" in block]
    assert len(blocks) == len(taken), done.stdout + done.stderr
    return {text: _runs(block) for text, block in zip(taken, blocks, strict=True)}


def _runs(block: str) -> tuple[datetime, ...]:
    # Parts of a second are not printed, so expressions with some are not compared.
    form = re.search(r"Normalized form: (.*)", block)
    assert form is not None
    if "." in form[1].rpartition(":")[2]:
        return ()
    found = re.findall(r"(?:Next elapse|Iter\. #\d|Iteration #\d): \w+ ([0-9 :-]+) UTC", block)
    return tuple(datetime.fromisoformat(text) for text in found)
