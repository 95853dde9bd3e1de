"""What was made is given again until it may be old; what takes long is not made all the time."""

from __future__ import annotations

import pytest

from hubctl.dashboard.kept import Kept


class Clock:
    """Stands still until somebody moves it."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def making(clock, text, seconds, made):
    def make():
        clock.now += seconds
        made.append(text)
        return text

    return make


def test_the_same_mark_is_made_once_and_another_one_again():
    clock, made = Clock(), []
    kept = Kept(clock)
    for mark in ("a", "a", "b", "b"):
        assert kept.text("key", mark, making(clock, mark, 0.01, made)) == mark
    assert made == ["a", "b"] and kept.behind == 0
    assert kept.get("other", "b") is None


def test_what_took_long_has_to_do_for_a_while():
    clock, made = Clock(), []
    kept = Kept(clock)
    kept.text("key", "a", making(clock, "old", 2.0, made))
    clock.now += 39
    assert kept.text("key", "b", making(clock, "new", 2.0, made)) == "old"
    assert kept.behind == 1
    clock.now += 1.5
    assert kept.text("key", "b", making(clock, "new", 2.0, made)) == "new"
    assert made == ["old", "new"]


def test_what_fails_is_not_kept():
    kept = Kept()
    with pytest.raises(ZeroDivisionError):
        kept.text("key", "a", lambda: str(1 // 0))
    assert kept.text("key", "a", lambda: "well") == "well"


def test_only_so_many_are_kept():
    kept = Kept()
    for number in range(300):
        kept.text(number, "a", lambda: "x")
    assert kept.get(0, "a") is None and kept.get(299, "a") == "x"
