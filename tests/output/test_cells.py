from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubctl.output.cells import clip, pad, printable, width

plain = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=30)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("日本", 4), ("e\u0301", 1), ("❤\ufe0f", 2), ("ｆ", 2), ("→", 1), ("", 0)],
)
def test_known_widths(text, columns):
    assert width(text) == columns


@given(plain, st.integers(1, 40))
def test_a_clipped_text_fits_and_begins_as_before(text, limit):
    found = clip(text, limit)
    assert width(found) <= limit
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))


@given(plain, st.integers(0, 40))
def test_a_padded_text_is_at_least_as_wide(text, columns):
    assert width(pad(text, columns)) == max(columns, width(text))


@given(st.text(st.characters(codec=None)))
def test_what_is_printable_has_no_hidden_character(text):
    found = printable(text)
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in found)
    found.encode()


def test_hidden_characters_are_spelled():
    assert printable("a\x1b\u202e\ud800\U000e0041\n\t\r\xa0é") == (
        "a\\x1b\\u202e\\ud800\\U000e0041\\n\\t\\r\\xa0é"
    )
