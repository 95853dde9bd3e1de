"""The spool: every record once, whatever is killed; words that give somebody away are left out."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from binascii import crc32

import pytest

from hubctl.metrics.refresh import refresh
from hubctl.metrics.schema import schema
from hubctl.metrics.sources.spool_records import RUN_COLUMNS
from hubctl.metrics.store import metrics_path, open_store
from hubctl.system.hooks_package import store as spool_format
from hubctl.system.places import find_places
from tests.metrics.sessions import NOON

START = NOON.timestamp()


def record(number=0, **more):
    return {
        "v": 1,
        "t": START + number,
        "event": "PreToolUse",
        "lane": "closed",
        "tool": "Bash",
        "session": "s1",
        "folder": "/x/hubctl/mine/hooks/repositories/home/dev/project/@",
        "ms": 12.5,
        "decision": "",
        "code": 0,
        "hooks": [{"id": "git-safety", "ms": 2.5, "decision": "deny"}],
        "samples": [],
        "incidents": [],
        **more,
    }


def spool(home, hub="mine"):
    folder = home / ".local/state/hubctl" / hub / "hooks/spool"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def line(found):
    return f"\n{spool_format.seal(found)}\n".encode()


def write(home, *records, name="20260304-0000", hub="mine"):
    with (spool(home, hub) / f"{name}.jsonl").open("ab") as file:
        file.write(b"".join(line(one) for one in records))


def read(home):
    done = refresh(find_places({"HOME": str(home)}))
    assert done.problem == ""
    return done


def rows(home, sql):
    with open_store(metrics_path(find_places({"HOME": str(home)}))) as store:
        return store.rows(sql)


def test_the_order_of_a_run_s_columns_is_that_of_the_table():
    assert schema().table("claude_hooks").names == RUN_COLUMNS


def test_a_record_is_a_run_of_each_hook_and_of_the_dispatcher(tmp_path):
    write(tmp_path, record())
    assert read(tmp_path).records == 1
    assert read(tmp_path).records == 0
    found = rows(
        tmp_path,
        "SELECT hook, event, tool, duration_ms, decision, failed, exit_code, project"
        " FROM claude_hooks ORDER BY hook",
    )
    where = ("PreToolUse", "Bash")
    assert found == [
        ("dispatcher", *where, 12.5, "", 0, 0, "/home/dev/project"),
        ("git-safety", *where, 2.5, "deny", 0, None, "/home/dev/project"),
    ]


def test_a_problem_is_an_event_and_an_incident_keeps_no_words(tmp_path):
    hooks = [{"id": "x", "ms": 1, "problem": "a text with /home/somebody"}]
    write(tmp_path, record(hooks=hooks, incidents=["printed a secret"]))
    read(tmp_path)
    found = rows(tmp_path, "SELECT kind, severity, name, detail FROM claude_events ORDER BY kind")
    assert found == [
        ("hook_incident", "warning", "PreToolUse", None),
        ("hook_problem", "error", "x", None),
    ]


def test_samples_keep_numbers_and_short_words(tmp_path):
    sample = {
        "name": "context.debt",
        "tokens": 900,
        "tool": "Read",
        "mail": "a@b.example",
        "key": "sk-ant-REDACTED",
        "text": "many words " * 20,
        "nested": {"a": 1},
    }
    write(tmp_path, record(samples=[sample, {"no": "name"}, 5]))
    read(tmp_path)
    [(kind, value, unit, detail)] = rows(
        tmp_path, "SELECT kind, value, unit, detail FROM claude_events"
    )
    assert (kind, value, unit) == ("context.debt", 900.0, "tokens")
    assert json.loads(detail) == {"tokens": 900, "tool": "Read"}


def test_what_events_are_about(tmp_path):
    done = {"tool_use_id": "t1", "duration_ms": 40, "agent_id": "a1"}
    write(
        tmp_path,
        record(0, event="SessionStart", tool="", of={"source": "startup"}),
        record(1, event="PostToolUse", of=done),
        record(1, event="PostToolUse", lane="async", of=done),
        record(2, event="PostToolUseFailure", of={**done, "tool_use_id": "t2"}),
        record(3, event="SubagentStart", of={"agent_id": "a1", "agent_type": "Explore"}),
        record(4, event="SubagentStop", of={"agent_id": "a1", "agent_type": "Explore"}),
        record(5, event="TaskCreated", of={"task_id": "1"}),
        record(9, event="TaskCompleted", of={"task_id": "1"}),
        record(10, event="UserPromptSubmit", of={"prompt_id": "p1"}),
        record(11, event="StopFailure", of={"prompt_id": "p1", "error": "server_error"}),
        record(12, event="SessionEnd", of={"reason": "clear"}),
    )
    read(tmp_path)
    calls = rows(
        tmp_path, "SELECT call, success, duration_ms, agent FROM claude_tool_usage ORDER BY 1"
    )
    assert calls == [("t1", 1, 40.0, "a1"), ("t2", 0, 40.0, "a1")]
    assert rows(tmp_path, "SELECT agent, kind, success FROM claude_agents") == [
        ("a1", "Explore", 1)
    ]
    assert rows(tmp_path, "SELECT status, duration_ms FROM claude_tasks") == [("completed", 4000.0)]
    session = rows(
        tmp_path,
        "SELECT prompts, errors, tool_calls, tool_failures, end_reason FROM claude_sessions",
    )
    assert session == [(1, 1, 2, 1, "clear")]


def test_damaged_and_torn_lines_are_counted_and_passed_over(tmp_path):
    path = spool(tmp_path) / "20260304-0000.jsonl"
    broken = bytearray(line(record(1)))
    broken[60] ^= 1
    path.write_bytes(line(record(0)) + bytes(broken) + line(record(2))[:-30])
    done = read(tmp_path)
    assert (done.records, done.damaged) == (1, 1)
    with path.open("ab") as file:
        file.write(line(record(3)))
    done = read(tmp_path)
    assert (done.records, done.damaged) == (1, 1)
    with open_store(metrics_path(find_places({"HOME": str(tmp_path)}))) as store:
        assert store.meta("spool_damaged") == "2"


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"x"', b'{"t": NaN}', b'{"a": "\xff"}', b"[" * 9999]
)
def test_what_is_sealed_and_no_record_is_damaged(tmp_path, body):
    sealed = b'{"crc":"%08x","record":%s}' % (crc32(body), body)
    path = spool(tmp_path) / "20260304-0000.jsonl"
    path.write_bytes(line(record(0)) + sealed + b"\n" + line(record(1)))
    done = read(tmp_path)
    assert (done.records, done.damaged) == (2, 1)


@pytest.mark.parametrize(
    "odd",
    [
        {"t": "soon"},
        {"t": 1e300},
        {"t": float(-5)},
        {"hooks": 5},
        {"hooks": [5, {"id": None, "ms": "x"}]},
        {"samples": {"a": 1}},
        {"code": "x", "decision": None},
        {"code": 2**70, "ms": 2**70, "session": 2**70},
        {"of": {"tool_use_id": 5, "duration_ms": -1}, "event": "PostToolUse"},
        {"session": None, "tool": None, "folder": None},
        {"tool": "line\nbreak \U0001f600", "session": "\ud800"},
    ],
)
def test_odd_records_harm_nothing(tmp_path, odd):
    write(tmp_path, {**record(0), **odd}, record(1))
    assert read(tmp_path).records == 2
    [(runs,)] = rows(tmp_path, "SELECT count(*) FROM claude_hooks WHERE hook = 'dispatcher'")
    assert runs >= 1


def test_two_hubs_and_pruned_segments(tmp_path):
    write(tmp_path, record(0), hub="mine")
    write(tmp_path, record(1), hub="yours")
    write(tmp_path, record(2), name="20260305-0000")
    read(tmp_path)
    (spool(tmp_path) / "20260304-0000.jsonl").unlink()
    read(tmp_path)
    assert rows(tmp_path, "SELECT count(*) FROM claude_hooks") == [(6,)]
    assert rows(tmp_path, "SELECT name FROM cursors ORDER BY name") == [
        ("mine:20260305-0000",),
        ("yours:20260304-0000",),
    ]


def test_a_kill_at_any_moment_loses_and_doubles_nothing(tmp_path):
    """Readers are killed while a writer appends; one last reading finds every record once."""
    command = "from hubctl.metrics.refresh import refresh\n" + (
        "from hubctl.system.places import find_places\nwhile True: refresh(find_places())\n"
    )
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    written = 0
    for turn in range(6):
        process = subprocess.Popen([sys.executable, "-c", command], env=environment, cwd=tmp_path)
        try:
            for _ in range(40):
                batch = [record(written + n) for n in range(20)]
                write(tmp_path, *batch, name=f"20260304-{turn:04}")
                written += len(batch)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1 + turn * 0.05)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(20)
    read(tmp_path)
    found = rows(
        tmp_path,
        "SELECT count(*), count(DISTINCT time) FROM claude_hooks WHERE hook != 'dispatcher'",
    )
    assert found == [(written, written)]
    assert rows(tmp_path, "SELECT sum(count) FROM daily_hooks WHERE hook != 'dispatcher'") == [
        (written,)
    ]


def test_a_kill_between_any_two_writes_leaves_all_or_nothing(tmp_path, monkeypatch):
    """Each statement of a transaction is the last one in turn."""
    from hubctl.metrics.tables.batch import Batch

    write(tmp_path, *(record(n) for n in range(5)))
    names = ("put", "change", "set_cursor", "finish", "roll_up")
    for name in names:
        real = getattr(Batch, name)

        def stop(self, *given, real=real, **more):
            real(self, *given, **more)
            raise KeyboardInterrupt

        monkeypatch.setattr(Batch, name, stop)
        with pytest.raises(KeyboardInterrupt):
            read(tmp_path)
        monkeypatch.setattr(Batch, name, real)
        [(runs,)] = rows(tmp_path, "SELECT count(*) FROM claude_hooks")
        assert (runs > 0) == bool(rows(tmp_path, "SELECT 1 FROM cursors"))
    read(tmp_path)
    assert rows(tmp_path, "SELECT count(*) FROM claude_hooks") == [(10,)]
