"""The demo's sessions look like real ones to the real readers, and are the same every time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hubctl.demo.repositories import REPOSITORIES
from hubctl.demo.sessions import DAYS, session_files
from hubctl.metrics.refresh import refresh
from hubctl.metrics.store import metrics_path, open_store
from hubctl.system.places import find_places

# A Wednesday afternoon: yesterday was a day of work.
NOW = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    home = tmp_path_factory.mktemp("sessions")
    places = find_places({"HOME": str(home)})
    for path, text in session_files(str(home), NOW, f"{places.state}/demo/hooks").items():
        place = Path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    assert refresh(places).problem == ""
    with open_store(metrics_path(places)) as opened:
        yield opened


def one(store, sql):
    return store.rows(sql)[0][0]


def test_the_same_day_gives_the_same_bytes(tmp_path):
    first, again = (session_files(str(tmp_path), NOW, "/state") for _ in range(2))
    assert first == again
    other = session_files(str(tmp_path), NOW.replace(day=19), "/state")
    assert other != first


def test_every_repository_was_worked_on_with_several_models(store):
    projects = {
        row[0].rpartition("/")[2] for row in store.rows("SELECT project FROM claude_sessions")
    }
    assert projects == {repository.name for repository in REPOSITORIES}
    models = {row[0] for row in store.rows("SELECT DISTINCT model FROM claude_context")}
    assert len(models) >= 3
    assert one(store, "SELECT sum(cost_usd IS NULL) FROM claude_context") == 0


def test_weekends_are_quiet_and_nights_are_free(store):
    by_day = dict(
        store.rows(
            "SELECT strftime('%w', time / 1000000, 'unixepoch') IN ('0', '6'), count(*)"
            " FROM claude_context GROUP BY 1"
        )
    )
    assert by_day[1] / 8 < by_day[0] / 20 / 2
    hour = "CAST(strftime('%H', time / 1000000, 'unixepoch', 'localtime') AS INTEGER)"
    assert one(store, f"SELECT count(*) FROM claude_sessions WHERE {hour} BETWEEN 2 AND 6") == 0
    assert one(store, "SELECT count(DISTINCT day) FROM daily_context") > DAYS / 2


def test_some_calls_fail_and_most_input_comes_from_the_cache(store):
    failed = one(store, "SELECT 100.0 * sum(success = 0) / count(*) FROM claude_tool_usage")
    assert 2 < failed < 10
    kinds = {row[0] for row in store.rows("SELECT DISTINCT error FROM claude_tool_usage")}
    assert {"error", "rejected", "blocked"} <= kinds
    share = one(
        store,
        "SELECT 100.0 * sum(cache_read_tokens) /"
        " sum(cache_read_tokens + cache_write_tokens + input_tokens) FROM claude_context",
    )
    assert 80 < share < 99


def test_contexts_grow_and_are_compacted_and_agents_help(store):
    assert one(store, "SELECT count(*) FROM claude_events WHERE kind = 'compaction'") > 5
    assert one(store, "SELECT count(*) FROM claude_events WHERE kind = 'api_error'") > 3
    kinds = {row[0] for row in store.rows("SELECT DISTINCT kind FROM claude_agents")}
    assert kinds == {"Explore", "general-purpose"}
    assert one(store, "SELECT count(*) FROM claude_agents WHERE success = 0") > 0


def test_hooks_ran_where_the_sessions_were_and_mostly_fast(store):
    assert one(store, "SELECT count(*) FROM claude_hooks WHERE project = ''") == 0
    assert one(store, "SELECT count(*) FROM claude_hooks WHERE decision = 'deny'") > 3
    slow = one(store, "SELECT 100.0 * sum(duration_ms > 100) / count(*) FROM claude_hooks")
    assert 0 < slow < 3
    names = {row[0] for row in store.rows("SELECT DISTINCT hook FROM claude_hooks")}
    assert {"smart-safety-check", "session-summary", "dispatcher"} <= names


def test_yesterday_one_session_cost_more_than_all_others_together(store):
    costs = [row[0] for row in store.rows("SELECT cost_usd FROM claude_sessions ORDER BY 1 DESC")]
    assert 50 < costs[0] < 120 and costs[1] < 12
    day = one(store, "SELECT day FROM daily_context GROUP BY day ORDER BY sum(cost_usd) DESC")
    assert day == "2026-11-17"


def test_there_is_something_of_today_whenever_it_is(tmp_path):
    for hour in (1, 6, 23):
        files = session_files(str(tmp_path), NOW.replace(hour=hour), "/state")
        moments = [
            line.partition('"timestamp": "')[2][:16]
            for text in files.values()
            for line in text.splitlines()
        ]
        assert max(moments) >= f"2026-11-18T{hour - 1:02}:30"


def test_tasks_are_written_down_and_most_are_done(store):
    by_status = dict(
        store.rows("SELECT status, count(*) FROM claude_tasks WHERE counted GROUP BY 1")
    )
    assert 50 < 100 * by_status["completed"] / sum(by_status.values()) < 100
    assert one(store, "SELECT min(duration_ms) FROM claude_tasks WHERE status = 'completed'") > 0
