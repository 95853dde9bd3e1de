from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hooks_shared import jsontext

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=100)
@given(VALUES)
def test_values_come_back_and_agree_with_the_library(value: object) -> None:
    text = jsontext.dumps(value)
    assert text.isascii() and "\n" not in text
    assert json.loads(text) == jsontext.loads(text) == value
    assert jsontext.loads(json.dumps(value, indent=2, ensure_ascii=False)) == value


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize(
    "text", ["", " ", "{", "nul", "[1,]", "1 2", "'a'", '{"a"}', "NaN", "-Infinity", "[" * 100_000]
)
def test_what_is_no_json_is_a_value_error(
    text: str, slow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if slow:
        monkeypatch.setattr(jsontext, "_make_scanner", None)
    with pytest.raises(ValueError, match=r"."):
        jsontext.loads(text)


def test_what_is_no_json_is_a_value_error_where_nothing_else_is_imported() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from hooks_shared.jsontext import loads\n"
        "for text in ('{', '[1,]', '{\\x22a\\x22}', '\\x22\\x00\\x22'):\n"
        "    try: loads(text)\n"
        "    except ValueError: continue\n"
        "    raise SystemExit(text)\n"
    )
    root = str(Path(jsontext.__file__).parents[1])
    program = [sys.executable, "-I", "-S", "-c", code, root]
    done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("slow", [False, True])
def test_without_the_c_scanner_the_answers_are_the_same(
    slow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if slow:
        monkeypatch.setattr(jsontext, "_make_scanner", None)
    assert jsontext.loads('\n {"a": [1, 2.5, "\\u00e9", null]} ') == {"a": [1, 2.5, "é", None]}
    assert jsontext.dumps({"é": [True, 1.0]}) == '{"\\u00e9":[true,1.0]}'


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_numbers_that_json_lacks_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match=r"."):
        jsontext.dumps([value])


def test_values_that_json_lacks_are_refused() -> None:
    with pytest.raises(TypeError, match="set"):
        jsontext.dumps({"a": {1}})
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(ValueError, match=r"."):
        jsontext.dumps(loop)
