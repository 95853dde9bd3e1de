"""pydantic-model-generator: what it writes validates every sample, and refuses what none is."""

from __future__ import annotations

import importlib
import json
import sys
import types
from typing import TYPE_CHECKING, Any

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.skills.scripts import SKILLS, run

if TYPE_CHECKING:
    from pathlib import Path

INFER = "pydantic-model-generator/infer.py"
ORDERS = [
    {
        "id": f"6f1f0f38-8a1f-4c0b-9b56-0e2b51f6c0a{number}",
        "total": "12.50",
        "placedAt": "2026-01-02T03:04:05Z",
        "due": "2026-02-01",
        "status": "paid" if number % 2 else "open",
        "class": number,
        "lines": [{"sku": "a", "qty": 1}, {"sku": "b", "qty": 2, "note": None}],
        **({"note": f"call {number} times"} if number else {}),
        "stock": {"2026-01": 3, "2026-02": 4},
    }
    for number in range(8)
]


def infer(folder: Path, samples: object, *options: str) -> tuple[str, str]:
    (folder / "samples.json").write_text(json.dumps(samples))
    done = run(INFER, "samples.json", *options, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def model(text: str, name: str) -> Any:
    module = sys.modules["inferred_models"] = types.ModuleType("inferred_models")
    exec(compile(text, "models.py", "exec"), module.__dict__)
    return getattr(module, name)


def test_every_sample_validates_and_means_the_same_written_out(tmp_path: Path) -> None:
    text, assumed = infer(tmp_path, ORDERS, "--name", "Order", "--extra", "forbid")
    order = model(text, "Order")
    for sample in ORDERS:
        read = order.model_validate_json(json.dumps(sample))
        written = read.model_dump(mode="json", by_alias=True, exclude_unset=True)
        assert written == sample
    for line in (
        "id: UUID",
        "total: Decimal",
        'placed_at: AwareDatetime = Field(alias="placedAt")',
        "due: date",
        'status: Literal["open", "paid"]',
        'class_: int = Field(alias="class")',
        "lines: list[Line]",
        "note: str | None = None",
        "stock: dict[str, int]",
    ):
        assert f"    {line}\n" in text, line
    assert "no other text than open, paid" in assumed


@pytest.mark.parametrize(
    "change",
    [
        {"id": "6"},
        {"total": "much"},
        {"placedAt": "2026-01-02T03:04:05"},
        {"status": "lost"},
        {"lines": [{"sku": "a"}]},
        {"stock": {"2026-01": "many"}},
        {"unknown": 1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_no_sample_was_like_is_refused_at_its_field(tmp_path: Path, change: Any) -> None:
    text, _ = infer(tmp_path, ORDERS, "--name", "Order", "--extra", "forbid")
    with pytest.raises(pydantic.ValidationError) as caught:
        model(text, "Order").model_validate_json(json.dumps(ORDERS[1] | change))
    assert {str(one["loc"][0]) for one in caught.value.errors()} == set(change)


def test_its_own_check_says_how_many_validate(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(one) + "\n" for one in ORDERS))
    done = run(INFER, "a.jsonl", "--name", "Order", "--check", folder=tmp_path, bare=False)
    assert (done.returncode, "8 of 8 records validate" in done.stderr) == (0, True)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "samples.json: "),
        ("3", "an object"),
        ("[]", "an object"),
        ("[1]", "an object"),
        ("[" * 100_000, "samples.json: "),
    ],
    ids=["broken", "number", "empty", "numbers", "deep"],
)
def test_what_is_no_sample_is_refused_in_words(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "samples.json").write_text(text)
    done = run(INFER, "samples.json", folder=tmp_path)
    assert (done.returncode, why in done.stderr, done.stdout) == (1, True, "")
    assert "Traceback" not in done.stderr


WORDS = st.sampled_from(["paid", "open", "1.50", "http://a.example/x", "class", "2026-01-01"])
TEXTS = st.one_of(
    WORDS,
    st.text(max_size=6),
    st.uuids().map(str),
    st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
)
KEYS = st.one_of(
    st.text(max_size=5),
    st.sampled_from(["date", "class", "model_x", "list", "Str", "id", "placedAt", "Model", "self"]),
)
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
RECORDS = st.lists(st.dictionaries(KEYS, VALUES, max_size=4), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def written() -> Any:
    folder = str(SKILLS / "pydantic-model-generator/scripts")
    sys.path.insert(0, folder)
    try:
        yield importlib.import_module("written"), importlib.import_module("shapes")
    finally:
        sys.path.remove(folder)
        for name in ("written", "shapes"):
            sys.modules.pop(name, None)


@pytest.mark.filterwarnings("ignore:Field name:UserWarning")
def test_any_objects_satisfy_the_model_made_of_them(written: Any) -> None:
    models, shapes = written

    @settings(max_examples=100, deadline=None)
    @given(RECORDS, st.sampled_from(["forbid", "ignore"]))
    def check(records: list[dict[str, Any]], extra: str) -> None:
        shape = shapes.Shape()
        for record in records:
            shapes.shape_of(record, shape)
        order = model(models.Models("Order", extra).module(shape), "Order")
        for record in records:
            read = order.model_validate_json(json.dumps(record))
            again = read.model_dump_json(by_alias=True, exclude_unset=True)
            assert order.model_validate_json(again) == read

    check()
