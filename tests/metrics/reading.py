"""Reading the transcripts of a home, with the three sums that always agree."""

from __future__ import annotations

from hubctl.metrics.refresh import refresh
from hubctl.metrics.store import metrics_path, open_store
from hubctl.system.places import find_places

SUMS = (
    "SELECT count(*), coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0),"
    " coalesce(sum(cache_read_tokens), 0), coalesce(sum(cache_write_tokens), 0)"
    " FROM claude_context WHERE counted"
)
DAYS = (
    "SELECT coalesce(sum(count), 0), coalesce(sum(input_tokens), 0),"
    " coalesce(sum(output_tokens), 0), coalesce(sum(cache_read_tokens), 0),"
    " coalesce(sum(cache_write_tokens), 0) FROM daily_context"
)
SESSIONS = (
    "SELECT coalesce(sum(requests), 0), coalesce(sum(input_tokens), 0),"
    " coalesce(sum(output_tokens), 0), coalesce(sum(cache_read_tokens), 0),"
    " coalesce(sum(cache_write_tokens), 0) FROM claude_sessions"
)


def rows(home, sql):
    with open_store(metrics_path(find_places({"HOME": str(home)}))) as store:
        return store.rows(sql)


def read(home):
    done = refresh(find_places({"HOME": str(home)}))
    assert done.problem == ""
    [found], [days], [sessions] = rows(home, SUMS), rows(home, DAYS), rows(home, SESSIONS)
    assert found == days == sessions
    return found


def files(home):
    top = home / ".claude/projects"
    return {str(path.relative_to(top)): path.read_bytes() for path in top.rglob("*.jsonl")}


def put(home, name, data):
    path = home / ".claude/projects" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
