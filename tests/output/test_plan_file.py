from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from hubctl.errors import UsageError
from hubctl.model.address import parse_address
from hubctl.model.item import JsonValue
from hubctl.model.state import Status
from hubctl.output.plan_file import dump_plan, load_plan
from tests.output import samples
from tests.output import strategies as some


@settings(max_examples=60, deadline=None)
@given(some.plans)
def test_a_plan_comes_back_as_it_was(plan):
    text = dump_plan(plan)
    again = load_plan(text)
    assert again == plan
    assert dump_plan(again) == text
    text.encode()


def test_nothing_is_masked_and_key_order_stays():
    value = JsonValue(value={"b": samples.SECRET, "a": 1})
    change = samples.change("api:a.json#/x", Status.PENDING, value, sensitive=True)
    again = load_plan(dump_plan(samples.plan(samples.target("api", change))))
    desired = again.changes()[0].desired
    assert list(desired.value) == ["b", "a"]
    assert desired.value["b"] == samples.SECRET


def test_equal_worlds_give_equal_bytes_whatever_the_order_of_fingerprints():
    def world(order):
        found = samples.target("api", in_sync=1)
        prints = {path: f"sha256:{path}" for path in order}
        return samples.plan(type(found)(target="api", root="/r", fingerprints=prints))

    assert dump_plan(world("abc")) == dump_plan(world("cba"))


def test_types_of_json_survive():
    for value in (1, 1.0, True, None, "1", [], {}, -0.0, 10**30, float("inf")):
        change = samples.change("api:a.json#/x", Status.PENDING, JsonValue(value=value))
        again = load_plan(dump_plan(samples.plan(samples.target("api", change)))).changes()[0]
        assert repr(again.desired.value) == repr(value)


def damaged(edit):
    data = json.loads(dump_plan(samples.FLEET))
    edit(data)
    return json.dumps(data)


def change_of(data):
    return data["targets"][0]["changes"][0]


# What somebody did to the file, and what the message must say.
DAMAGES = [
    (lambda d: d.update(format="hubctl/report"), ["no saved plan", "hubctl/plan"]),
    (lambda d: d.update(version=2), ["format version 2", "reads version 1"]),
    (lambda d: d.update(version=True), ["damaged at version"]),
    (lambda d: d.pop("hub"), ["damaged at its top", "'hub' is a required property"]),
    (lambda d: d.update(extra=1), ["its top", "'extra' was unexpected"]),
    (lambda d: d.update(targets={}), ["damaged at targets", "expected array"]),
    (lambda d: change_of(d).update(status="odd"), ["targets[0].changes[0].status", '"drifted"']),
    (lambda d: change_of(d)["desired"].pop("text"), ["changes[0].desired", "'text' is a required"]),
    (
        lambda d: change_of(d)["desired"].update(text=1),
        ["changes[0].desired.text", "expected string"],
    ),
    (lambda d: change_of(d)["desired"].update(kind="fil"), ["changes[0].desired"]),
    (lambda d: change_of(d).update(address="api:../x"), ["not an address", "../x"]),
    (lambda d: change_of(d).update(address="web:x"), ["web:x", "among the changes of api"]),
    (lambda d: change_of(d)["desired"].update(text="mine"), ["edited after it was saved"]),
    (lambda d: d["targets"][0]["fingerprints"].update({"/x": "absent"}), ["edited"]),
    (
        lambda d: change_of(d)["decided_by"].update(line="1"),
        ["decided_by.line", "expected integer"],
    ),
]


@pytest.mark.parametrize(("edit", "words"), DAMAGES, ids=range(len(DAMAGES)))
def test_a_damaged_plan_is_refused_with_what_and_where(edit, words):
    with pytest.raises(UsageError) as caught:
        load_plan(damaged(edit))
    for word in words:
        assert word in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "[" * 100_000, "{}", "\ud800"])
def test_what_is_no_plan_at_all_is_refused(text):
    with pytest.raises(UsageError):
        load_plan(text)


def test_a_refusal_does_not_quote_values():
    text = damaged(lambda d: change_of(d).update(desired={"kind": "json", "valu": samples.SECRET}))
    with pytest.raises(UsageError) as caught:
        load_plan(text)
    assert samples.SECRET not in str(caught.value)


def test_addresses_of_every_part_come_back():
    for text in ("api:a", "api:a#/x/y", 'api:a#/x="v=1"', "api:a#block:b", "api:a#hook:Stop/x"):
        change = samples.change(text, Status.PENDING, JsonValue(value=1))
        again = load_plan(dump_plan(samples.plan(samples.target("api", change))))
        assert again.changes()[0].address == parse_address(text)
