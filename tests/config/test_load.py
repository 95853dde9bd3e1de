"""Loading: values by the core schema, exact places, anchors and merges, the local file."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubctl.config.load import LOCAL, load
from hubctl.config.places import path_text
from hubctl.model.finding import Location, Severity
from hubctl.model.hashing import hash_bytes

PARSERS = pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "python"])


def read(text, *, pure=False, **more):
    return load(text.encode(), file="c.yaml", pure=pure, **more)


SCALARS = [
    ("true", True),
    ("False", False),
    ("null", None),
    ("~", None),
    ("", None),
    ("yes", "yes"),
    ("No", "No"),
    ("on", "on"),
    ("off", "off"),
    ("y", "y"),
    ("12", 12),
    ("-7", -7),
    ("+3", 3),
    ("0", 0),
    ("012", 12),
    ("0o14", 12),
    ("0x1F", 31),
    ("1_000", "1_000"),
    ("1.5", 1.5),
    ("1.", 1.0),
    (".5", 0.5),
    ("1e3", 1000.0),
    ("-1.5e-3", -0.0015),
    ("1:30", "1:30"),
    ("12:34:56", "12:34:56"),
    ("2030-01-31", "2030-01-31"),
    (".", "."),
    ("-x", "-x"),
    ("1.2.3", "1.2.3"),
    ("'12'", "12"),
    ('"true"', "true"),
    ("! 12", "12"),
    ("!!str 12", "12"),
    ("!!int 12", 12),
    ("!!float 3", 3),
    ("!!null null", None),
    ("!!map {a: 1}", {"a": 1}),
    ("!!seq [1]", [1]),
]


@PARSERS
@pytest.mark.parametrize(("written", "value"), SCALARS)
def test_scalars_follow_the_core_schema_of_yaml_1_2(written, value, pure):
    canonical = read(f"a: {written}\n", pure=pure)
    assert canonical.usable()
    assert canonical.document == {"a": value}
    assert type(canonical.document["a"]) is type(value)


def test_a_leading_zero_is_the_decimal_number_and_a_warning():
    (finding,) = read("a: 012\n").findings
    assert (finding.rule, finding.severity) == ("canonical/leading-zero", Severity.WARNING)
    assert '"012"' in finding.hint


@PARSERS
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: {url: https://x.org/y?z=1}", {"url": "https://x.org/y?z=1"}),
        ("a: [http://x, b:c]", ["http://x", "b:c"]),
        ("a: [Bash(npm run test:*), {b: c:d}]", ["Bash(npm run test:*)", {"b": "c:d"}]),
    ],
)
def test_a_colon_inside_a_value_between_brackets_is_part_of_it(text, value, pure):
    canonical = read(f"{text}\nb: [1]\n", pure=pure)
    assert (canonical.findings, canonical.document) == ((), {"a": value, "b": [1]})
    assert canonical.location(("b", 0)).line == 2


@PARSERS
def test_block_scalars_and_folding(pure):
    text = "a: |-\n  12\nb: >\n  x\n  y\nc: |+\n  true\n\n"
    assert read(text, pure=pure).document == {"a": "12", "b": "x y\n", "c": "true\n\n"}


PLACES = """\
# a comment
top: 1
map:
  inner: {x: [a, bb], y: 2}
list:
  - one
  - k: v
é: ü
"""


@PARSERS
@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("top",), (2, 1), (2, 6)),
        (("map",), (3, 1), (4, 3)),
        (("map", "inner"), (4, 3), (4, 10)),
        (("map", "inner", "x"), (4, 11), (4, 14)),
        (("map", "inner", "x", 1), (4, 18), (4, 18)),
        (("map", "inner", "y"), (4, 23), (4, 26)),
        (("list", 0), (6, 5), (6, 5)),
        (("list", 1, "k"), (7, 5), (7, 8)),
        (("é",), (8, 1), (8, 4)),
        ((), (2, 1), (2, 1)),
        (("map", "nothing", "deep"), (3, 1), (4, 3)),
        (("list", 9), (5, 1), (6, 3)),
    ],
)
def test_everything_has_its_place(path, key, value, pure):
    canonical = read(PLACES, pure=pure)
    assert canonical.location(path) == Location(file="c.yaml", line=key[0], column=key[1])
    at_value = canonical.location(path, value=True)
    assert at_value == Location(file="c.yaml", line=value[0], column=value[1])


@pytest.mark.parametrize("prefix", [b"\xef\xbb\xbf", b""], ids=["bom", "plain"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["lf", "crlf", "cr"])
def test_line_ends_and_byte_order_mark_change_nothing(prefix, end):
    data = prefix + PLACES.encode().replace(b"\n", end)
    canonical = load(data, file="c.yaml")
    assert canonical.document == read(PLACES).document
    assert canonical.location(("list", 1, "k")) == Location(file="c.yaml", line=7, column=5)
    assert canonical.revision == hash_bytes(data)


@PARSERS
def test_aliases_and_merges_are_resolved_and_located_where_they_are_written(pure):
    text = """\
base: &base {a: 1, b: [x]}
more: &more {b: 2, c: 3}
alias: *base
merged: {<<: *base, a: 9}
both:
  <<: [*base, *more]
  d: 4
inline: {<<: {e: 5}}
quoted: {"<<": 6}
"""
    canonical = read(text, pure=pure)
    assert canonical.findings == ()
    document = canonical.document
    assert document["alias"] == {"a": 1, "b": ["x"]}
    assert document["merged"] == {"a": 9, "b": ["x"]}
    assert document["both"] == {"a": 1, "b": ["x"], "c": 3, "d": 4}
    assert document["inline"] == {"e": 5}
    assert document["quoted"] == {"<<": 6}
    assert str(canonical.location(("alias", "b", 0))) == "c.yaml:1:24"
    assert str(canonical.location(("alias",), value=True)) == "c.yaml:3:8"
    assert str(canonical.location(("merged", "a"))) == "c.yaml:4:21"
    assert str(canonical.location(("both", "c"))) == "c.yaml:2:20"


def test_a_later_anchor_of_the_same_name_wins():
    assert read("a: &x 1\nb: &x 2\nc: *x\n").document["c"] == 2


def test_the_local_file_stands_under_its_own_key():
    canonical = read("a: 1\n", local=b"\n  repositories: {api: ~/x}\n", local_file="l.yaml")
    assert canonical.document == {"a": 1, LOCAL: {"repositories": {"api": "~/x"}}}
    assert str(canonical.location((LOCAL, "repositories", "api"))) == "l.yaml:2:18"
    assert str(canonical.location(("a",))) == "c.yaml:1:1"


def test_an_empty_local_file_is_none_and_a_broken_one_is_reported_with_its_name():
    assert read("a: 1\n", local=b"# nothing yet\n", local_file="l.yaml").findings == ()
    (finding,) = read("a: 1\n", local=b"- x\n", local_file="l.yaml").findings
    assert (finding.rule, str(finding.location)) == ("canonical/no-mapping", "l.yaml:1:1")


def test_the_local_key_cannot_be_written_into_canonical():
    canonical = read(f"a: 1\n{LOCAL}: {{repositories: {{}}}}\n")
    (finding,) = canonical.findings
    assert (finding.rule, str(finding.location)) == ("canonical/unknown-key", "c.yaml:2:1")
    assert canonical.document == {"a": 1}


REFUSED = "\u2028\u2029\ufeff\ufffe\uffff"
TEXTS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters=REFUSED)
KEYS = st.text(TEXTS, min_size=1, max_size=6)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(TEXTS, max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@PARSERS
@given(document=st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_json_is_yaml_and_comes_back_equal(pure, document):
    text = json.dumps(document, indent=1, ensure_ascii=False)
    canonical = load(text.encode(), file="c.yaml", pure=pure)
    assert [f for f in canonical.findings if f.rule != "canonical/leading-zero"] == []
    document.pop(LOCAL, None)
    assert canonical.document == document
    for key in document:
        line = canonical.location((key,)).line
        assert text.split("\n")[line - 1].startswith(f" {json.dumps(key, ensure_ascii=False)}:")


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_have_an_answer(data):
    canonical = load(data, file="c.yaml")
    assert canonical.usable() or all(f.location for f in canonical.findings)
    json.dumps(canonical.document, allow_nan=False)


def test_paths_read_well():
    assert path_text(("repositories", "api", "profiles", 0)) == "repositories.api.profiles[0]"
    assert path_text(("a.b", "c d", "e\n")) == '"a.b"."c d"."e\\n"'
    assert path_text(()) == ""


def test_numbers_stay_numbers_of_json():
    assert read("a: 1e308\n").document["a"] == 1e308
    assert math.isfinite(read("a: 0.1\n").document["a"])
