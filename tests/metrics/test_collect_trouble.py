"""A collector in trouble: nothing answered with success is lost, and what is wrong is said."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3

import pytest

from hubctl.metrics.collect import Surroundings
from hubctl.metrics.prices import prices, shipped_prices
from hubctl.metrics.refresh import Wanted, refresh
from hubctl.metrics.store import metrics_path, open_store
from hubctl.system import database
from hubctl.system.places import find_places
from tests.metrics.collectors import Process, Running, asked, posted
from tests.metrics.exports import JSON, busy, logs, points, request_event, send_all
from tests.metrics.sessions import MODEL
from tests.support.mounts import read_only, small

ONE = logs(request_event(1))


@pytest.fixture
def places(tmp_path):
    return find_places({"HOME": str(tmp_path)})


@pytest.fixture
def running(places):
    made = Running(metrics_path(places))
    yield made
    made.stop()


def requests(path):
    with open_store(path) as store:
        return [row[0] for row in store.rows("SELECT request FROM claude_context ORDER BY 1")]


# -- the disk --------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_written_is_said_and_survived(tmp_path):
    state = tmp_path / ".local/state/hubctl"
    state.mkdir(parents=True)
    process = Process(tmp_path, before=read_only(state))
    try:
        assert "telemetry is not kept" in process.says()
        assert process.post(ONE) == 503
        assert process.post({"resourceLogs": []}) == 200
        code, said = process.end()
    finally:
        process.end(signal.SIGKILL)
    assert code == 3
    assert said == ""  # once is enough


def test_a_full_disk_is_said_and_loses_nothing_that_was_answered(tmp_path):
    state = tmp_path / ".local/state/hubctl"
    state.mkdir(parents=True)
    process = Process(tmp_path, before=small(state, 1200))
    try:
        bodies = [busy(client, post, events=100) for client in range(20) for post in range(5)]
        answers = [posted(process.port, body)[0] for body in bodies]
        assert set(answers) == {200, 503}
        kept = answers.count(200)
        assert "no room left on the disk" in process.says()
        assert kept >= 1
        assert asked(process.port, "GET", "/metrics")[0] == 200
        for part in ("", "-wal"):
            shutil.copy(f"{process.seen_from_within()}{part}", tmp_path / f"copy.db{part}")
        with open_store(str(tmp_path / "copy.db")) as store:
            assert store.rows("SELECT count(*) FROM claude_tool_usage") == [(50 * kept,)]
        assert process.end()[0] == 3
    finally:
        process.end(signal.SIGKILL)


def test_what_was_refused_is_taken_once_there_is_room(running):
    """The library's own limit stands for the disk."""
    assert running.post("/v1/logs", ONE)[0] == 200
    with sqlite3.connect(running.path) as other:
        pages = other.execute("PRAGMA page_count").fetchone()[0]
    made = database.connect_to_write
    limit = [pages]

    def limited(path):
        connection = made(path)
        connection.execute(f"PRAGMA max_page_count = {limit[0]}")
        return connection

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(database, "connect_to_write", limited)
        os.rename(running.path, f"{running.path}.moved")  # makes it open the store anew
        assert running.post("/v1/logs", logs(request_event("in time")))[0] == 200
        limit[0] = 1
        os.rename(running.path, f"{running.path}.again")
        assert running.post("/v1/logs", logs(*map(request_event, range(900))))[0] == 503
        assert len(running.said) == 1
        limit[0] = 1 << 20
        os.remove(running.path)
        assert running.post("/v1/logs", logs(request_event("late")))[0] == 200
    assert running.said[1:] == ["telemetry is kept again"]
    assert requests(running.path) == ["rlate"]


def test_somebody_who_writes_for_long_is_waited_for(running):
    """Meanwhile others are answered: who waits for the disk keeps nobody from being heard."""
    running.post("/v1/logs", ONE)
    writer = sqlite3.connect(running.path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    client = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    client.request("POST", "/v1/logs", json.dumps(logs(request_event(2))), JSON)
    for _ in range(3):
        assert running.post("/v1/traces", {}) == (200, "{}")
        assert running.post("/v1/logs", {"resourceLogs": []}) == (200, "{}")
    writer.execute("ROLLBACK")
    writer.close()
    assert client.getresponse().status == 200
    client.close()
    assert requests(running.path) == ["r1", "r2"]


# -- the file --------------------------------------------------------------------------------------


def test_a_store_that_was_moved_away_is_not_written_to_any_more(running):
    running.post("/v1/logs", ONE)
    for part in ("", "-wal", "-shm"):
        os.rename(f"{running.path}{part}", f"{running.path}.elsewhere{part}")
    assert running.post("/v1/logs", logs(request_event(2)))[0] == 200
    assert requests(running.path) == ["r2"]


def test_a_store_that_is_damaged_meanwhile_is_made_anew(running):
    running.post("/v1/logs", ONE)
    with open_store(running.path, write=True) as store:
        store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    size = os.path.getsize(running.path)
    with open(running.path, "r+b") as file:
        file.write(b"\0" * size)
    answers = {running.post("/v1/logs", logs(request_event(2)))[0] for _ in range(2)}
    assert answers <= {200, 503}
    assert running.post("/v1/logs", logs(request_event(3)))[0] == 200
    assert "r3" in requests(running.path)
    with open_store(running.path) as store:
        assert "damaged" in store.notes()[0].text


# -- prices ----------------------------------------------------------------------------------------

MINE = {MODEL: {"input": 1000, "output": 1000}}


def cost(path):
    with open_store(path) as store:
        return [
            row[0] for row in store.rows("SELECT cost_usd FROM claude_context ORDER BY request")
        ]


def test_prices_that_changed_meanwhile_hold_for_what_comes_then(places, running):
    running.post("/v1/logs", ONE)
    assert not refresh(places, Wanted(prices=MINE)).problem
    running.post("/v1/logs", logs(request_event(2)))
    assert not refresh(places, Wanted(prices=MINE)).problem
    assert cost(running.path) == [0.015, 0.015]


def test_a_collector_asks_for_prices_where_the_store_has_others(places):
    told = iter((shipped_prices(), prices(MINE)))
    around = Surroundings(prices=lambda: next(told), say=print, pages={})
    running = Running(metrics_path(places), around=around)
    running.post("/v1/logs", ONE)
    refresh(places, Wanted(prices=MINE))
    for number in (2, 3):
        running.post("/v1/logs", logs(request_event(number)))
    running.stop()
    assert cost(running.path)[2] == 0.015


# -- connections -----------------------------------------------------------------------------------


def test_one_connection_for_many_exports(running):
    answers = send_all(running.port, [[busy(1, post, events=2) for post in range(20)]])
    assert answers == {200: 20}  # and never connected anew


def raw(port, *parts):
    """What is answered to bytes sent one after the other, each after the last was answered."""
    answers = []
    with socket.create_connection(("127.0.0.1", port), 30) as client:
        client.settimeout(30)
        for part in parts:
            client.sendall(part)
            answers.append(client.recv(1 << 16).decode())
    return answers


HEAD = b"POST /v1/logs HTTP/1.1\r\nHost: localhost:1\r\nContent-Type: APPLICATION/json; a=b\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def test_somebody_who_asks_first_is_told_to_go_on(running):
    body = json.dumps(ONE).encode()
    head = HEAD + f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    first, second = raw(running.port, head, body)
    assert first == "HTTP/1.1 100 Continue\r\n\r\n"
    assert second.startswith("HTTP/1.1 200 OK\r\n")
    assert requests(running.path) == ["r1"]


@pytest.mark.parametrize(
    "chunks",
    [
        b"-5\r\n",
        b"+2\r\n{}\r\n0\r\n\r\n",
        b"0x2\r\n{}\r\n0\r\n\r\n",
        b"1_0\r\n",
        b"2\r\n{}}}\r\n",
        b"\r\n",
        b"2" + b" " * 40_000,
        b"123456789\r\n",
        b"0\r\n" + b"x" * 40_000,
    ],
)
def test_chunks_that_are_none_are_refused(running, chunks):
    [answer] = raw(running.port, CHUNKED + chunks)
    assert answer.startswith("HTTP/1.1 400 ")
    assert running.post("/v1/logs", ONE)[0] == 200


def test_chunks_that_are_too_much_are_refused_before_they_are_read(running):
    [answer] = raw(running.port, CHUNKED + b"400001\r\n")
    assert answer.startswith("HTTP/1.1 413 ")


def test_who_is_refused_while_sending_reads_why(running):
    body = b"x" * (6 << 20)
    assert running.post("/v1/logs", body)[0] == 413


def test_more_connections_than_there_may_be_are_told_to_come_again(running):
    clients = [socket.create_connection(("127.0.0.1", running.port), 30) for _ in range(100)]
    try:
        status, _ = running.post("/v1/logs", ONE)
        assert status == 503
    finally:
        for client in clients:
            client.close()


def test_a_request_that_began_is_answered_before_the_end(running):
    body = json.dumps(ONE).encode()
    with socket.create_connection(("127.0.0.1", running.port), 30) as client:
        client.sendall(HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:-1])
        assert running.post("/v1/traces", {})[0] == 200  # so that the other has been taken up
        running.tell_to_end()
        client.sendall(body[-1:])
        assert client.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
    running.stop()
    assert requests(running.path) == ["r1"]


# -- in part ---------------------------------------------------------------------------------------


def test_what_was_left_out_is_told_to_who_sent_it(running):
    document = logs(request_event(1), request_event(2))
    del document["resourceLogs"][0]["scopeLogs"][0]["logRecords"][1]["timeUnixNano"]
    status, text = running.post("/v1/logs", document)
    assert status == 200
    assert json.loads(text)["partialSuccess"]["rejectedLogRecords"] == "1"
    total = points("claude_code.commit.count", ({}, 7.0), ({}, 8.0), temporality=2)
    told = json.loads(running.post("/v1/metrics", total)[1])["partialSuccess"]
    assert told["rejectedDataPoints"] == "2"
    assert "deltas" in told["errorMessage"]
    assert requests(running.path) == ["r1"]


@pytest.mark.parametrize("path", ["/v1/logs", "/v1/metrics", "/v1/traces"])
def test_protobuf_is_told_what_is_understood(running, path):
    status, text = running.post(path, b"\x0a\x00", {"Content-Type": "application/x-protobuf"})
    assert status == 415
    assert "OTEL_EXPORTER_OTLP_PROTOCOL=http/json" in text
