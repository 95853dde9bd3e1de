"""Telling: an alert once while it goes on, again where it gets worse, once when it is over."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.errors import OperationError
from hubctl.metrics.store import open_store
from hubctl.reports.alerts.channels import Channel
from hubctl.reports.alerts.readings import Reading, readings
from hubctl.reports.alerts.telling import KEY, LaterError, awaits, tell
from tests.reports.trouble import LIMITS, MINUTE, NOW, errors, hooks
from tests.support.measures import put

HOUR = 60 * MINUTE
ONE, TWO = (Channel(name=name, kind="json", url="http://x/") for name in ("one", "two"))
CRITICAL = Channel(name="quiet", kind="json", url="http://x/", level="critical")


class Sent:
    """Collects what channels are told; some of them fail."""

    def __init__(self, **failing):
        self.failing = failing
        self.told = []

    def __call__(self, channel, notices):
        if channel.name in self.failing:
            raise self.failing[channel.name]
        self.told += [(channel.name, one.fired.name, one.word) for one in notices]

    @property
    def words(self):
        return [word for _, _, word in self.told]


DOWN = OperationError("one is down")


def check(path, send, *known, now=NOW):
    with open_store(path, write=True) as store:
        return tell(store, known, readings(store, LIMITS, now), now, send)


def dollars(value):
    """A reading of the daily cost alone."""
    return [Reading(threshold=LIMITS["daily_cost_usd"], value=float(value), have=1)]


def run(path, *steps, channel=ONE):
    """Every step is minutes and dollars; what was told."""
    send = Sent()
    for minutes, value in steps:
        with open_store(path, write=True) as store:
            tell(store, [channel], dollars(value), NOW + minutes * MINUTE, send)
    return send.words


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([(0, 40), (5, 41), (600, 42), (9000, 43)], ["warning"]),
        ([(0, 40), (5, 60), (10, 70)], ["warning", "critical"]),
        ([(0, 60), (5, 40), (10, 60)], ["critical"]),
        ([(0, 40), (5, 1), (10, 1)], ["warning"]),
        ([(0, 40), (5, 1), (15, 1), (20, 1), (90, 2)], ["warning", "resolved"]),
        ([(0, 40), (5, 1), (14, 40), (16, 1), (25, 40)], ["warning"]),
        ([(0, 40), (5, 1), (15, 1), (30, 40)], ["warning", "resolved", "warning"]),
        ([(0, 1), (20, 1)], []),
        # A clock that goes back neither tells twice nor forgets.
        ([(0, 40), (5, 1), (-600, 1), (-590, 1)], ["warning", "resolved"]),
    ],
)
def test_an_alert_has_one_beginning_and_one_end(path, steps, words):
    assert run(path, *steps) == words


def test_a_channel_hears_from_its_level_on(path):
    steps = [(0, 40), (5, 60), (10, 40), (20, 40), (25, 1), (60, 1)]
    assert run(path, *steps, channel=CRITICAL) == ["critical", "resolved"]


NIGHT = Channel(name="one", kind="json", url="http://x/", quiet="22:00-07:00")


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        # NOW is noon: ten hours later the night begins, nineteen hours later it ends.
        ([(599, 40)], ["warning"]),
        ([(600, 40), (1139, 40)], []),
        ([(600, 40), (1140, 40)], ["warning"]),
        ([(600, 60)], ["critical"]),
        ([(600, 40), (700, 60), (800, 1), (900, 1), (1140, 1)], ["critical", "resolved"]),
        ([(500, 40), (605, 1), (620, 1), (1140, 1)], ["warning", "resolved"]),
        ([(600, 40), (700, 1), (1140, 1)], []),  # it passed by in the night
    ],
)
def test_in_quiet_hours_only_what_is_critical_is_told(path, steps, words):
    assert run(path, *steps, channel=NIGHT) == words


@pytest.mark.parametrize(
    ("quiet", "is_quiet"), [("", False), ("11:00-12:00", False), ("12:00-12:01", True),
                            ("13:00-12:00", False), ("13:00-12:01", True), ("12:00-12:00", False)]
)  # fmt: skip
def test_quiet_hours_begin_and_end_to_the_minute(quiet, is_quiet):
    assert Channel(name="x", kind="json", quiet=quiet).is_quiet(NOW) == is_quiet


def test_what_is_no_longer_measured_is_over(path):
    put(path, *hooks(900))
    send = Sent()
    check(path, send, ONE)
    for minutes in (61, 71):
        told = check(path, send, ONE, now=NOW + minutes * MINUTE)
    assert send.words == ["critical", "resolved"]
    [notice] = told[0].notices
    assert notice.sentence == "Hook latency of slow: there is nothing beyond its limit any more"


def test_the_end_says_what_is_measured_now(path):
    run(path, (0, 40), (5, 12.5))
    with open_store(path, write=True) as store:
        [told] = tell(store, [ONE], dollars(12.5), NOW + HOUR, Sent())
    assert told.notices[0].sentence == "Daily cost: $12.50, at or below the limit of $30.00 again"


def test_a_server_that_is_down_is_told_later_and_delays_nobody(path):
    put(path, *errors(20))
    first = check(path, down := Sent(one=DOWN), ONE, TWO)
    assert [told.problem for told in first] == ["one is down", ""]
    assert [name for name, _, _ in down.told] == ["two"]
    check(path, later := Sent(), ONE, TWO, now=NOW + MINUTE)
    assert [name for name, _, _ in later.told] == ["one"]


def test_an_end_that_could_not_be_told_is_told_later(path):
    run(path, (0, 40), (5, 1))
    with open_store(path, write=True) as store:
        tell(store, [ONE], dollars(1), NOW + HOUR, Sent(one=DOWN))
        assert awaits(store)
        tell(store, [ONE], dollars(1), NOW + 2 * HOUR, sent := Sent())
        assert sent.words == ["resolved"] and not awaits(store)


def test_who_asks_to_be_left_alone_is(path):
    put(path, *errors(20))
    check(path, Sent(one=LaterError("busy", seconds=600)), ONE, TWO)
    [told] = check(path, sent := Sent(), ONE, TWO, now=NOW + 9 * MINUTE)
    assert "one asked to be left alone until " in told.problem and sent.told == []
    check(path, sent, ONE, TWO, now=NOW + 10 * MINUTE)
    assert [name for name, _, _ in sent.told] == ["one"]


def test_nobody_may_ask_for_more_than_six_hours(path):
    with open_store(path, write=True) as store:
        tell(store, [ONE], dollars(60), NOW, Sent(one=LaterError("busy", seconds=1e12)))
        tell(store, [ONE], dollars(60), NOW + 6 * HOUR, sent := Sent())
    assert sent.words == ["critical"]


class Killed(BaseException):
    """As a signal that no handler survives."""


def test_a_kill_between_channels_tells_nobody_twice(path):
    put(path, *errors(20))
    send = Sent(two=Killed())
    with pytest.raises(Killed):
        check(path, send, ONE, TWO)
    check(path, again := Sent(), ONE, TWO, now=NOW + MINUTE)
    assert [name for name, _, _ in send.told + again.told] == ["one", "two"]


@pytest.mark.parametrize(
    "kept", ["", "[]", "no", '{"one": 3}', '{"one\\nerrors_per_hour": [1, "warning"]}',
             '{"one": {"wait": "x", "fired": []}}', '{"one": {"wait": 0, "fired": [{"a": 1}]}}']
)  # fmt: skip
def test_a_memory_that_is_none_is_begun_anew(path, kept):
    put(path, *errors(20))
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.set_meta(KEY, kept)
    check(path, sent := Sent(), ONE)
    assert sent.words == ["warning"]
    check(path, sent, ONE, now=NOW + MINUTE)
    assert sent.words == ["warning"]


def test_a_channel_that_is_gone_is_forgotten(path):
    put(path, *errors(20))
    check(path, Sent(), ONE, TWO)
    check(path, Sent(), TWO)
    with open_store(path) as store:
        assert list(json.loads(store.meta(KEY, "{}"))) == ["two"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 20), st.sampled_from([1, 40, 60]), st.booleans()), max_size=25
    )
)
def test_whatever_happens_beginnings_and_ends_alternate(tmp_path_factory, steps):
    path = str(tmp_path_factory.mktemp("any") / "metrics.db")
    send, now = Sent(), NOW
    with open_store(path, write=True) as store:
        for minutes, value, is_up in steps:
            now += minutes * MINUTE
            send.failing = {} if is_up else {"one": DOWN}
            tell(store, [ONE], dollars(value), now, send)
    level = ""
    for word in send.words:
        allowed = {"": ("warning", "critical"), "warning": ("critical", "resolved")}
        assert word in allowed.get(level, ("resolved",))
        level = "" if word == "resolved" else word
