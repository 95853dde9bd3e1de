"""Exports with anything in them: each is answered, and none keeps the next from being kept."""

from __future__ import annotations

import json
from itertools import product

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hubctl.metrics.collect import Collector, Surroundings
from hubctl.metrics.prices import shipped_prices
from hubctl.metrics.sources.otel import EVENTS, METRICS
from hubctl.metrics.store import open_store
from hubctl.system.loopback import Request, Response
from hubctl.system.loopback_service import ToKeep
from tests.metrics.exports import logs, request_event

SECRET = "tell-nobody"
NAMES = (*EVENTS, "api_request", "tool_result", "assistant_response", "\n", "new one", "é\ud800🎉")
KEYS = (
    *("session.id", "event.name", "event.sequence", "model", "input_tokens", "output_tokens"),
    *("cache_read_tokens", "cache_creation_tokens", "cache_creation_1h_tokens", "cost_usd"),
    *("duration_ms", "request_id", "tool_use_id", "tool_name", "success", "error_type", "speed"),
    *("prompt.id", "prompt_length", "status_code", "decision", "trigger", "type", "language"),
    *("prompt", "error", "tool_parameters"),
    *sorted({key for told in EVENTS.values() for key in (told.name, told.value, *told.detail)}),
)
ODD = ("", "\n", '"', "a,b c=d", "🎉", "\ud83c", "\0", "NaN", "-1", "1e400", "x" * 5000, SECRET)
ODD_VALUES = (
    *({"stringValue": text} for text in ODD),
    *({"intValue": number} for number in (10**400, 2**63, -(2**63), "9" * 19, "x", None, True)),
    *(
        {"doubleValue": number}
        for number in (10**400, 1e308, float("nan"), float("inf"), -0.5, "1")
    ),
    *({"boolValue": True}, {"boolValue": "x"}, {}, None, 7, []),
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from((2**63, -(2**63) - 1, 10**400, 0))
    | st.floats()
    | st.sampled_from(ODD)
    | st.text(max_size=20)
)
values = st.one_of(
    scalars,
    st.dictionaries(
        st.sampled_from(("stringValue", "intValue", "doubleValue", "boolValue", "kvlistValue")),
        scalars,
        max_size=2,
    ),
)
facts = st.lists(
    st.fixed_dictionaries({"key": st.sampled_from(KEYS) | scalars, "value": values}), max_size=12
)
times = scalars | st.sampled_from(("1795198523339000000", "1", 1, "4611686018427387903"))
records = st.fixed_dictionaries(
    {
        "timeUnixNano": times,
        "body": st.fixed_dictionaries({"stringValue": st.sampled_from(NAMES) | scalars}) | scalars,
        "attributes": facts | scalars,
    }
)
data = st.fixed_dictionaries(
    {"timeUnixNano": times, "asDouble": scalars, "asInt": scalars, "attributes": facts}
)
metrics = st.fixed_dictionaries(
    {
        "name": st.sampled_from(tuple(METRICS)) | scalars,
        "sum": st.fixed_dictionaries(
            {"aggregationTemporality": st.just(1) | scalars, "dataPoints": st.lists(data | scalars)}
        )
        | scalars,
    }
)
anything = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


def of_logs(found):
    return "/v1/logs", {"resourceLogs": [{"scopeLogs": [{"logRecords": found}]}]}


def of_metrics(found):
    return "/v1/metrics", {"resourceMetrics": [{"scopeMetrics": [{"metrics": found}]}]}


exports = st.one_of(
    st.lists(records | scalars, max_size=4).map(of_logs),
    st.lists(metrics | scalars, max_size=3).map(of_metrics),
    st.tuples(st.sampled_from(("/v1/logs", "/v1/metrics")), anything),
)


@pytest.fixture
def collector(tmp_path):
    around = Surroundings(prices=shipped_prices, say=print, pages={})
    made = Collector(str(tmp_path / "metrics.db"), around)
    yield made
    made.close()


def answered(collector, *posts):
    """The answers to posts that come together."""
    found = [
        collector.answer(
            Request(
                method="POST",
                path=path,
                query="",
                headers={"content-type": "application/json"},
                body=json.dumps(document).encode(),
            )
        )
        for path, document in posts
    ]
    kept = iter(collector.keep([one.content for one in found if isinstance(one, ToKeep)]))
    return [next(kept) if isinstance(one, ToKeep) else one for one in found]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(exports, min_size=1, max_size=3))
@example([of_logs([{"timeUnixNano": "1", "body": {"stringValue": "x" * 10**5}}])])
@example([of_logs([{"timeUnixNano": "1", "attributes": [{"key": "model", "value": {}}] * 999}])])
def test_each_is_answered_and_the_next_one_is_kept(collector, posts):
    count = len(posts)
    good = ("/v1/logs", logs(request_event(count), session=f"s{count}"))
    answers = answered(collector, *posts, good)
    assert all(isinstance(answer, Response) for answer in answers)
    assert [answer.status for answer in answers] == [200] * (count + 1)
    assert collector.problem == ""
    collector.follow()
    assert collector.problem == ""


def test_what_the_fuzzing_left_is_a_store_like_any_other(collector, tmp_path):
    """Rows made of odd values can be read, exported and added up."""
    odd = [
        {
            "timeUnixNano": str(10**18 + number),
            "body": {"stringValue": f"claude_code.{name}"},
            "attributes": [{"key": key, "value": value} for key in KEYS if key != "event.name"],
        }
        for number, (name, value) in enumerate(product(NAMES, ODD_VALUES))
    ]
    answers = answered(collector, *(of_logs([record]) for record in odd))
    assert {answer.status for answer in answers} == {200}
    collector.close()
    with open_store(str(tmp_path / "metrics.db")) as store:
        assert store.rows("PRAGMA integrity_check") == [("ok",)]
        for table in store.schema.tables:
            for row in store.changes(table.name, 0, 10_000):
                json.dumps(row, allow_nan=False).encode()
        [(cost, tokens)] = store.rows(
            "SELECT coalesce(sum(cost_usd), 0), sum(input_tokens) FROM claude_context"
        )
        assert cost >= 0
        assert tokens >= 0


def test_one_that_no_column_holds_does_not_take_the_others_with_it(collector):
    """Nothing is known that does; were it known it would be left out where it is read."""
    good, bad = (("/v1/logs", logs(request_event(n))) for n in (1, 2))
    found = [collector.answer(_request(*post)) for post in (good, bad)]
    found[1].content.rows.answers[0] = (object(),) * len(found[1].content.rows.answers[0])
    answers = collector.keep([one.content for one in found])
    assert [answer.status for answer in answers] == [200, 400]
    assert collector.problem == ""


def _request(path, document):
    body = json.dumps(document).encode()
    headers = {"content-type": "application/json"}
    return Request(method="POST", path=path, query="", headers=headers, body=body)


def test_a_clock_that_goes_back_loses_nothing(collector):
    """Keys of events come of the session and its own count, and the first time stands."""
    early = logs(request_event(1), request_event(2))
    late = logs(request_event(1), request_event(3))
    for record in late["resourceLogs"][0]["scopeLogs"][0]["logRecords"]:
        record["timeUnixNano"] = str(int(record["timeUnixNano"]) - 3600 * 10**9)
    answered(collector, ("/v1/logs", early))
    answered(collector, ("/v1/logs", late))
    collector.close()
    with open_store(collector._path) as store:
        rows = store.rows("SELECT request, time FROM claude_context ORDER BY 1")
    assert [row[0] for row in rows] == ["r1", "r2", "r3"]
    assert rows[2][1] < rows[0][1]
