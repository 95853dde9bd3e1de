"""The collector: what the client exports is kept once, and nobody else is listened to."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hubctl.metrics.refresh import refresh
from hubctl.metrics.store import metrics_path, open_store
from hubctl.system.loopback import listen
from hubctl.system.loopback_service import Times
from hubctl.system.places import find_places
from tests.metrics.collectors import Process, Running, free_port
from tests.metrics.exports import JSON, busy, logs, points, request_event, send_all
from tests.metrics.sessions import MODEL, answer_line, call_lines, write_session


@pytest.fixture
def path(tmp_path):
    return metrics_path(find_places({"HOME": str(tmp_path)}))


@pytest.fixture
def running(path):
    made = Running(path)
    yield made
    made.stop()


def test_an_export_is_kept_once_however_often_it_comes(running):
    export = logs(
        request_event(1),
        (
            "tool_result",
            {"tool_name": "Bash", "tool_use_id": "t1", "success": "true", "duration_ms": 9},
        ),
        ("api_error", {"status_code": "529", "error": "a text that somebody wrote"}),
        ("user_prompt", {"prompt": "my secret", "prompt.id": "p1", "prompt_length": 9}),
        ("something_new", {"text": "who knows"}),
    )
    for _ in range(2):
        assert running.post("/v1/logs", export) == (200, "{}")
    assert running.rows("SELECT cost_usd, client_cost_usd, duration_ms FROM claude_context") == [
        ((10 * 4 + 5 * 20) / 1e6, 0.25, 70.0)
    ]
    assert running.rows("SELECT tool, success, duration_ms FROM claude_tool_usage") == [
        ("Bash", 1, 9)
    ]
    kinds = running.rows("SELECT kind, name, value FROM claude_events ORDER BY kind")
    assert kinds == [("api_error", "529", None), ("prompt", "", 9.0), ("something_new", "", None)]


def test_nothing_that_somebody_wrote_is_kept(running):
    facts = {
        "prompt": "my secret",
        "tool_parameters": '{"command": "cat secret"}',
        "error": "secret",
    }
    names = ["user_prompt", "tool_result", "api_request", "api_error", "tool_decision", "new_one"]
    events = [(name, {**facts, "tool_use_id": f"t{name}"}) for name in names]
    assert running.post("/v1/logs", logs(*events))[0] == 200
    running.stop()
    files = Path(running.path).parent.iterdir()
    data = b"".join(file.read_bytes() for file in files)
    assert b"secret" not in data
    assert b"a@b.example" not in data
    assert b"new_one" in data


@pytest.mark.parametrize(
    "given", ["two words", "a@b.example", "ghp_" + "a1B2" * 9, "it's a@b.example sk-ant-api03-x"]
)
def test_what_is_no_name_is_kept_nowhere_even_where_names_stand(running, given):
    keys = ("model", "speed", "request_id", "tool_use_id", "tool_name", "error_type", "prompt.id")
    more = ("agent_type", "status_code", "skill.name", "app.entrypoint", "event.sequence")
    names = ("api_request", "tool_result", "user_prompt", "api_error", "skill_activated", given)
    facts = dict.fromkeys((*keys, *more), given)
    events = [(name, {**facts, "output_tokens": 3}) for name in names]
    assert running.post("/v1/logs", logs(*events))[0] == 200
    running.stop()
    data = b"".join(file.read_bytes() for file in Path(running.path).parent.iterdir())
    assert b"b.example" not in data
    assert b"a1B2a1B2" not in data
    assert running.rows("SELECT output_tokens, model FROM claude_context") == [(3, "")]


def test_metrics_that_only_metrics_tell(running):
    lines = points(
        "claude_code.lines_of_code.count", ({"type": "added"}, 12.0), ({"type": "removed"}, 2.0)
    )
    cost = points("claude_code.cost.usage", ({"model": MODEL}, 3.0))
    total = points("claude_code.commit.count", ({}, 7.0), temporality=2)
    for export in (lines, lines, cost, total):
        assert running.post("/v1/metrics", export)[0] == 200
    found = running.rows("SELECT kind, name, value FROM claude_events ORDER BY name")
    assert found == [("lines_of_code", "added", 12.0), ("lines_of_code", "removed", 2.0)]
    with open_store(running.path) as store:
        assert store.meta("telemetry_left_out") == "1"


@pytest.mark.parametrize("order", ["telemetry first", "transcript first"])
def test_the_exporter_and_a_transcript_count_once(path, tmp_path, order):
    lines = [answer_line("s1", "m1", "r1", output=5), *call_lines("s1", "t1", "Bash", seconds=9)]
    write_session(tmp_path, "s1", lines)
    places = find_places({"HOME": str(tmp_path)})
    if order == "transcript first":
        assert not refresh(places).problem
    running = Running(path)
    call = {"tool_name": "Bash", "tool_use_id": "t1", "success": "true", "duration_ms": 9}
    running.post("/v1/logs", logs(request_event(1), request_event(2), ("tool_result", call)))
    running.stop()
    assert not refresh(places).problem
    counted = running.rows("SELECT request, source FROM claude_context WHERE counted ORDER BY 1")
    assert counted == [("r1", "transcript"), ("r2", "otel")]
    told = running.rows(
        "SELECT client_cost_usd, duration_ms FROM claude_context WHERE request = 'r1' AND counted"
    )
    assert told == [(0.25, 70.0)]
    assert running.rows("SELECT source, duration_ms, project FROM claude_tool_usage") == [
        ("otel", 9.0, "/home/dev/project")
    ]
    [(requests, calls)] = running.rows("SELECT requests, tool_calls FROM claude_sessions")
    assert (requests, calls) == (2, 1)
    [(count,)] = running.rows("SELECT sum(count) FROM daily_context")
    assert count == 2


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example:80"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "application/x-protobuf"}, 415),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Encoding": "br"}, 415),
        ({"Content-Encoding": "gzip"}, 400),
    ],
)
def test_who_and_what_is_refused(running, headers, status):
    assert running.post("/v1/logs", logs(request_event(1)), **headers)[0] == status
    assert running.rows("SELECT count(*) FROM claude_context") == [(0,)]


def test_packed_and_chunked_bodies_are_understood(running):
    body = json.dumps(logs(request_event(1))).encode()
    assert running.post("/v1/logs", gzip.compress(body), **{"Content-Encoding": "gzip"})[0] == 200
    body = json.dumps(logs(request_event(2))).encode()
    status, _ = running.ask("POST", "/v1/logs", iter([body[:100], body[100:]]), JSON)
    assert status == 200
    assert running.rows("SELECT request FROM claude_context ORDER BY 1") == [("r1",), ("r2",)]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"POST /v1/logs HTTP/1.1\r\nHost: localhost:1\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"POST /v1/logs HTTP/1.1\r\nHost: localhost:1\r\nContent-Length: -5\r\n\r\n", 400),
        (
            b"POST /v1/logs HTTP/1.1\r\nHost: localhost:1\r\n"
            b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
            400,
        ),
        (b"POST /v1/logs HTTP/1.1\r\nHost: localhost:1\r\nX: " + b"x" * 20000 + b"\r\n\r\n", 431),
        (b"nonsense\r\n\r\n", 400),
        (b"GET /v1/logs HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n", 405),
        (b"GET /else HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n", 404),
        (b"GET /v1/logs HTTP/1.1\r\n\r\n", 421),
        (
            b"POST /v1/logs HTTP/1.1\r\nHost: [::1]:1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            400,
        ),
    ],
)
def test_odd_requests_get_an_answer(running, data, status):
    assert running.raw(data).startswith(f"HTTP/1.1 {status} ")


def test_a_bomb_is_not_unpacked(running):
    bomb = gzip.compress(b" " * (64 << 20))
    assert running.post("/v1/logs", bomb, **{"Content-Encoding": "gzip"})[0] == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nothing",
        b"[" * 100_000,
        b'{"resourceLogs": 5}',
        b'{"resourceLogs": [{"scopeLogs": [{"logRecords": [{"timeUnixNano": "x"}, 3, null]}]}]}',
        b'{"resourceLogs": [{"scopeLogs": [{"logRecords": [{"timeUnixNano": "1e400"}]}]}]}',
        b"\xff\xfe",
    ],
)
def test_bodies_that_are_no_export_harm_nothing(running, body):
    assert running.post("/v1/logs", body)[0] in (200, 400)
    assert running.post("/v1/logs", logs(request_event(1)))[0] == 200


def test_numbers_that_no_column_holds_are_left_out(running):
    odd = [
        request_event(n, input_tokens=found) for n, found in enumerate((2**70, -4, 1.5, "NaN", "7"))
    ]
    assert running.post("/v1/logs", logs(*odd))[0] == 200
    found = running.rows("SELECT input_tokens FROM claude_context ORDER BY request")
    assert found == [(0,), (0,), (1,), (0,), (7,)]


@pytest.fixture
def process(tmp_path):
    made = Process(tmp_path)
    yield made
    made.end(signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_fifty_at_once_lose_nothing_and_stay_within_bounds(process):
    """How fast that is measures benchmarks/collector.py."""
    bodies = [[busy(client, post, events=50) for post in range(4)] for client in range(50)]
    before = process.peak()
    answers = send_all(process.port, bodies)
    assert set(answers) <= {200, 503, "connected anew"}
    assert answers[200] == 200
    assert process.peak() - before < 60
    assert process.end() == (0, "")
    assert process.rows("SELECT count(*), count(DISTINCT request) FROM claude_context") == [
        (5000, 5000)
    ]
    assert process.rows("SELECT count(*), sum(success) FROM claude_tool_usage") == [(5000, 5000)]
    assert process.rows("SELECT sum(count) FROM daily_context") == [(5000,)]


def test_what_was_answered_survives_a_kill(process):
    bodies = [[busy(client, post, events=4) for post in range(5)] for client in range(10)]
    answered = send_all(process.port, bodies)[200]
    process.end(signal.SIGKILL)
    assert process.rows("SELECT count(*) FROM claude_tool_usage") == [(2 * answered,)]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_bodies_that_are_too_much_together_are_told_to_come_again(process):
    """More than is held at once, all begun before any is finished."""
    before = process.peak()
    body = json.dumps(logs(request_event(1, text="x" * (3 << 20)))).encode()
    clients = [socket.create_connection(("127.0.0.1", process.port), 30) for _ in range(20)]
    head = (
        "POST /v1/logs HTTP/1.1\r\nHost: localhost:1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    for client in clients:
        client.sendall(head + body[:100])
    answers = []
    for client in clients:
        client.sendall(body[100:])
        with contextlib.suppress(OSError):  # it was answered already
            client.shutdown(socket.SHUT_WR)
        answers.append(int(client.makefile("rb").readline().split()[1]))
        client.close()
    assert set(answers) == {200, 503}
    assert answers.count(200) >= 8
    assert process.peak() - before < 120


def handed_over(home, port, *arguments):
    """The command as a service manager starts it: with the first connection, and its socket."""
    if shutil.which("systemd-socket-activate") is None:
        pytest.skip("systemd-socket-activate is not installed")
    command = [sys.executable, "-m", "hubctl", "collect", *arguments]
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    given = [f"-E{name}={value}" for name, value in environment.items()]
    process = subprocess.Popen(
        ["systemd-socket-activate", f"--listen=127.0.0.1:{port}", *given, *command],
        env=environment,
        cwd=home,
        stderr=subprocess.PIPE,
    )
    assert b"Listening on" in process.stderr.readline()
    return process


def post_one(port, number):
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    client.request("POST", "/v1/logs", json.dumps(logs(request_event(number))), JSON)
    status = client.getresponse().status
    client.close()
    return status


@pytest.mark.parametrize("end", ["told", "idle"])
def test_a_service_manager_hands_over_its_socket(tmp_path, end):
    port = free_port()
    process = handed_over(tmp_path, port, *(["--idle", "0.3"] if end == "idle" else []))
    try:
        assert post_one(port, 1) == 200
        if end == "told":
            process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate(timeout=30)
    with open_store(metrics_path(find_places({"HOME": str(tmp_path)}))) as store:
        assert store.rows("SELECT sum(count) FROM daily_context") == [(1,)]


def test_a_socket_that_others_can_reach_is_not_taken(tmp_path):
    """A unit may say anything; what is handed over is looked at."""
    with socket.create_server(("0.0.0.0", 0)) as listening:
        code = (
            f"import os, sys\nos.dup2({listening.fileno()}, 3)\n"
            "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))\n"
            "os.execv(sys.executable, [sys.executable, '-m', 'hubctl', 'collect'])\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
            pass_fds=[listening.fileno()],
            cwd=tmp_path,
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 3
    assert b"of this machine alone" in done.stderr


def test_nobody_connected_for_a_while_ends_it_and_somebody_keeps_it(path):
    running = Running(path, Times(idle=0.4))
    client = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    client.connect()
    running.thread.join(1.0)
    assert running.thread.is_alive()
    client.close()
    running.thread.join(30)
    running.stop()


def test_a_taken_port_is_told():
    from hubctl.errors import OperationError

    with listen(0) as first, pytest.raises(OperationError, match="cannot be listened to"):
        listen(first.getsockname()[1])


def test_an_agent_that_the_exporter_names_has_its_own_row(running):
    of_it = {"agent_id": "a1", "query_source": "agent:builtin:Explore", "agent.name": "Explore"}
    done = {"agent_id": "a1", "agent_type": "Explore", "duration_ms": 2500, "final_model": MODEL}
    old = {"query_source": "agent:builtin:Explore"}
    export = logs(
        request_event(1, **of_it),
        request_event(2, query_source="sdk"),
        request_event(3, **old),
        ("tool_result", {"tool_name": "Read", "tool_use_id": "t1", "agent_id": "a1"}),
        ("subagent_completed", done),
        ("subagent_completed", {"agent_type": "Explore", "duration_ms": 1}),
    )
    assert running.post("/v1/logs", export) == (200, "{}")
    running.stop()
    assert running.rows(
        "SELECT agent, kind, model, success, duration_ms, requests, tool_calls FROM claude_agents"
    ) == [("a1", "Explore", MODEL, 1, 2500.0, 1, 1)]
    rows = running.rows("SELECT request, sidechain, agent FROM claude_context ORDER BY 1")
    assert rows == [("r1", 1, "a1"), ("r2", 0, ""), ("r3", 1, "")]
    assert running.rows("SELECT agents, agent_tokens FROM claude_sessions") == [(1, 30)]
