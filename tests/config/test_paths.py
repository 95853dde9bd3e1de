"""Paths of canonical.yaml become absolute, and say what is missing where they cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubctl.config.paths import expand_path, path_problem, same_path
from hubctl.errors import UsageError

ENV = {"SRC": "/srv/src", "REL": "rel", "EMPTY": "", "N_1": "n"}


def expand(text):
    return expand_path(text, base="/hub", home="/home/me", env=ENV)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("~", "/home/me"),
        ("~/src/api/", "/home/me/src/api"),
        ("x/y", "/hub/x/y"),
        (".", "/hub"),
        ("./x//y/.", "/hub/x/y"),
        ("../x", "/hub/../x"),
        ("/abs/x/../y", "/abs/x/../y"),
        ("$SRC/api", "/srv/src/api"),
        ("${SRC}2/api", "/srv/src2/api"),
        ("$REL/x", "/hub/rel/x"),
        ("x-$N_1-y", "/hub/x-n-y"),
        ("a$$b", "/hub/a$b"),
        ("x~", "/hub/x~"),
        ("/", "/"),
        ("with space/é", "/hub/with space/é"),
    ],
)
def test_a_path_becomes_absolute(text, path):
    assert expand(text) == path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$NOPE/x", "$NOPE"),
        ("${EMPTY}/x", "$EMPTY"),
        ("~joe/x", "another user"),
        ("a$", "begins no variable"),
        ("${A-b}", "begins no variable"),
        ("${A", "begins no variable"),
        ("$1", "begins no variable"),
        ("", "empty"),
        ("  ", "empty"),
        ("a\nb", "control"),
    ],
)
def test_what_cannot_be_expanded_says_why(text, words):
    with pytest.raises(UsageError) as error:
        expand(text)
    assert words in error.value.message


def test_an_unset_variable_is_no_mistake_of_the_file():
    assert path_problem("$NOPE/x") == ""


def test_the_home_is_not_read_from_a_variable_that_begins_with_a_tilde():
    assert expand_path("$T/x", base="/hub", home="/home/me", env={"T": "~"}) == "/hub/~/x"


@pytest.mark.parametrize(("a", "b"), [("~/x", "~/x/"), ("$A/x", "${A}/x"), ("./x", "x")])
def test_spellings_of_one_path(a, b):
    assert same_path(a) == same_path(b)


@given(st.text(max_size=30))
def test_any_text_has_an_answer(text):
    try:
        path = expand(text)
    except UsageError:
        return
    assert path.startswith("/")
    assert "//" not in path
