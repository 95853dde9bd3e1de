"""`infrastructure.questdb`: the host gets a timer that sends rows there, unless told not to."""

from __future__ import annotations

import pytest

from hubctl.config.resolve import Resolver
from hubctl.config.sending import UNIT


def unit(questdb, **document):
    given = {"infrastructure": {"questdb": questdb}, **document}
    return Resolver(given).spec("host")["units"].get(UNIT)


def test_a_named_database_gets_a_timer():
    found = unit({"host": "db.example.org"})
    assert found["command"] == ["hubctl", "metrics", "push", "--due"]
    assert found["every"] == "5min"


@pytest.mark.parametrize(
    ("questdb", "metrics"), [(None, {}), ({}, {"push": False})], ids=["none", "off"]
)
def test_nobody_else_does(questdb, metrics):
    assert unit(questdb, metrics=metrics) is None


@pytest.mark.parametrize("metrics", [None, {}, {"push": None}, {"push": True}])
def test_the_section_alone_is_enough(metrics):
    assert unit({}, metrics=metrics)


def test_the_hosts_own_word_stands_above():
    found = unit({}, units={UNIT: {"every": "1h"}})
    assert (found["every"], found["command"][-1]) == ("1h", "--due")
