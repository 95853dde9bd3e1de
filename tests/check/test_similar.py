"""Sketches: what counts as equal, what as nearly equal, and how well the estimate holds."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.check.similar import ALIKE, alike, bands, digest_of, sketch_of, words_of
from hubctl.render.origin import with_origin

WORDS = [b"word%d" % number for number in range(2000)]


def text(seed: int, length: int = 400) -> list[bytes]:
    return random.Random(seed).choices(WORDS, k=length)


def changed(words: list[bytes], times: int, seed: int = 1) -> list[bytes]:
    kept = list(words)
    for at in random.Random(seed).sample(range(len(kept)), times):
        kept[at] = b"changed"
    return kept


def true_share(one: list[bytes], other: list[bytes]) -> float:
    runs = [set(zip(words, words[1:], words[2:], strict=False)) for words in (one, other)]
    return len(runs[0] & runs[1]) / len(runs[0] | runs[1])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"a b c\n", b"a  b\r\n\r\nc"),
        (b"\xef\xbb\xbfa b", b"a b\n"),
        (
            with_origin("commands", "x.md", "---\ndescription: d\n---\nBody.\n", "x.md").encode(),
            b"---\ndescription: d\n---\nBody.\n",
        ),
        (
            with_origin("commands", "x.md", "Body.\n", "hubctl:templates/x.md").encode(),
            b"Body.\n",
        ),
    ],
)
def test_spacing_and_the_origin_line_do_not_count(one, other):
    assert digest_of(words_of(one)) == digest_of(words_of(other)) != ""


@pytest.mark.parametrize(
    ("one", "other"), [(b"a b c", b"a bc"), (b"a b", b"b a"), (b"a", b"A"), (b"a", b"a b")]
)
def test_words_and_their_order_count(one, other):
    assert digest_of(words_of(one)) != digest_of(words_of(other))


def test_nothing_is_equal_to_nothing():
    assert digest_of(words_of(b" \n\t")) == ""
    assert alike("", "") == 0


def test_a_short_text_is_not_compared():
    assert sketch_of(text(1, 29)) == ""
    assert len(sketch_of(text(1, 30))) == 128
    assert alike("", sketch_of(text(1))) == 0


@given(st.integers(0, 10_000), st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_the_estimate_is_near_the_share_of_common_runs(seed, times):
    one = text(seed)
    other = changed(one, times, seed)
    estimate = alike(sketch_of(one), sketch_of(other))
    assert abs(estimate - true_share(one, other)) < 0.25
    assert (estimate == 1) or times


def test_the_estimate_is_good_on_the_whole():
    errors = []
    for seed in range(200):
        one = text(seed)
        other = changed(one, seed % 30, seed)
        errors.append(alike(sketch_of(one), sketch_of(other)) - true_share(one, other))
    assert abs(sum(errors) / len(errors)) < 0.02
    assert (sum(error**2 for error in errors) / len(errors)) ** 0.5 < 0.06


def test_few_changes_are_nearly_equal_and_many_are_not():
    one = text(7)
    assert alike(sketch_of(one), sketch_of(changed(one, 3))) >= ALIKE
    assert alike(sketch_of(one), sketch_of(changed(one, 60))) < ALIKE
    assert alike(sketch_of(one), sketch_of(text(8))) < 0.1


def test_nearly_equal_texts_share_a_band():
    for seed in range(100):
        one = text(seed, 60 + seed)
        other = changed(one, 1, seed)
        if alike(sketch_of(one), sketch_of(other)) >= ALIKE:
            assert set(bands(sketch_of(one))) & set(bands(sketch_of(other)))


def test_strangers_share_no_band():
    assert not set(bands(sketch_of(text(1)))) & set(bands(sketch_of(text(2))))
    assert len(bands(sketch_of(text(1)))) <= 16
