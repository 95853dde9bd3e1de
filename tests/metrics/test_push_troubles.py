"""Servers that are down, silent, slow or torn: each costs its seconds, no row, and nobody else."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time

import pytest

from hubctl.metrics.export import push as pushing
from hubctl.metrics.export.push import push, target_name
from hubctl.metrics.export.questdb import QuestDB
from hubctl.metrics.export.targets import targets
from hubctl.metrics.store import open_store
from hubctl.system.http import Line, Server, UnreachableError
from tests.metrics.pushing import HOOKS, hook, put, to


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_a_target_that_says_no_costs_no_row(path, target, status):
    put(path, HOOKS, hook(1))
    target.status = status
    done = push(path, to(target.port), "m")
    assert done.problem
    assert done.waiting == {"claude_hooks": 1}
    target.status = 0
    assert push(path, to(target.port), "m").sent == {"claude_hooks": 1}


def test_a_target_that_is_down_is_told(path):
    put(path, HOOKS, hook(1))
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for _ in range(3):
        done = push(path, to(port), "m")
    assert "Connection refused" in done.problem
    assert done.waiting == {"claude_hooks": 1}
    with open_store(path) as store:
        [last] = targets(store)
    assert (last.target, last.failures, last.waiting) == (target_name(to(port)), 3, 1)
    assert last.problem == done.problem


def dribble(server, stop):
    """Answers with one byte at a time, for as long as anybody listens."""
    connection, _ = server.accept()
    with connection:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not stop.wait(0.02):
            try:
                connection.sendall(b"x")
            except OSError:
                return


@pytest.mark.parametrize("how", ["silent", "dribbling"])
def test_a_black_hole_costs_its_seconds_and_holds_nobody(path, how):
    put(path, HOOKS, hook(1))
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        if how == "dribbling":
            thread = threading.Thread(target=dribble, args=(server, stop), daemon=True)
            thread.start()
        hole = to(server.getsockname()[1], answer_seconds=0.6)
        results = []
        pusher = threading.Thread(target=lambda: results.append(push(path, hole, "m")))
        pusher.start()
        began = time.monotonic()
        put(path, HOOKS, hook(2))  # while the other one waits
        wrote = time.monotonic() - began
        pusher.join(30)
        stop.set()
    [done] = results
    assert "no answer in time" in done.problem
    assert wrote < 0.6
    assert done.waiting == {"claude_hooks": 2}


def test_time_is_bounded_and_the_rest_waits(path, target):
    put(path, HOOKS, *map(hook, range(10)))
    done = push(path, to(target.port), "m", seconds=0.0)
    assert "time was up" in done.problem
    assert done.waiting == {"claude_hooks": 10}


def cut_off(listening):
    """Takes a request and ends the connection in the middle of its answer."""
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{")
                # Without this it ends politely; with it the line is torn.
                torn = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, torn)


def test_a_line_that_tears_costs_no_row(path):
    put(path, HOOKS, hook(1))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=cut_off, args=(listening,), daemon=True).start()
        done = push(path, to(listening.getsockname()[1]), "m")
        listening.shutdown(socket.SHUT_RDWR)
    assert (bool(done.problem), done.waiting) == (True, {"claude_hooks": 1})


def test_a_name_that_nobody_resolves_in_time_costs_its_seconds(path, monkeypatch):
    put(path, HOOKS, hook(1))
    released = threading.Event()

    def resolve(*_, **__):
        released.wait(30)
        raise OSError("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    began = time.monotonic()
    server = Server(host="nowhere.example.org", port=9000, connect_seconds=0.2)
    done = push(path, QuestDB(server), "m")
    released.set()
    assert time.monotonic() - began < 10
    assert "not reached in time" in done.problem


def test_a_greeting_of_tls_that_never_comes_costs_its_seconds(path):
    put(path, HOOKS, hook(1))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        done = push(path, to(port, tls=True, connect_seconds=0.2), "m")
    assert "https://" in done.problem
    assert "not reached in time" in done.problem


def test_whatever_a_server_does_a_push_ends_with_its_time(path):
    """Each answer would be waited for much longer."""
    put(path, HOOKS, hook(1))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        done = push(path, to(silent.getsockname()[1], answer_seconds=60.0), "m", seconds=0.4)
    assert time.monotonic() - began < 30
    assert done.problem
    assert done.waiting == {"claude_hooks": 1}


def failed_before(path, target, failures, ago):
    with open_store(path, write=True) as store, store.batch() as batch:
        told = f"{failures} down" if failures else "0 "
        moment = time.time_ns() // 1000 - ago * 1_000_000
        batch.set_cursor("to", target_name(target), moment, told)


@pytest.mark.parametrize(
    ("failures", "seconds", "due"),
    [
        (0, 0, True),
        *((1, 200, False), (1, 250, True), (3, 900, False), (3, 970, True)),
        *((50, 3500, False), (50, 3610, True), (50, -999, True)),
    ],
)
def test_a_server_that_failed_is_left_alone_for_a_while(path, failures, seconds, due):
    server = to(9)
    failed_before(path, server, failures, seconds)
    with open_store(path) as store:
        assert pushing.is_due(store, server) == due


def test_a_server_that_closed_what_was_idle_is_asked_anew():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer_twice():
            for _ in range(2):
                connection, _ = server.accept()
                with connection:
                    connection.recv(1 << 16)
                    connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

        thread = threading.Thread(target=answer_twice, daemon=True)
        thread.start()
        line = Line(Server(host="127.0.0.1", port=server.getsockname()[1]), {})
        assert [line.ask("GET", "/").status for _ in range(2)] == [204, 204]
        line.close()
        thread.join(10)


def test_an_answer_that_is_none_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            connection, _ = server.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(b"\0\0\0 nothing of HTTP\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        line = Line(Server(host="127.0.0.1", port=server.getsockname()[1]), {})
        with pytest.raises(UnreachableError):
            line.ask("GET", "/")
        thread.join(10)


@pytest.mark.parametrize(
    "body", [b"<html>sign in</html>", b"[]", b"{}", b'{"dataset": 1}', b"\xff"]
)
def test_what_answers_and_is_no_database_is_told(path, body):
    """A proxy, or the sign-in page of a hotel."""
    put(path, HOOKS, hook(1))
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer():
            with contextlib.suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    while connection.recv(1 << 16):
                        connection.sendall(head + body)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        done = push(path, to(listening.getsockname()[1]), "m")
        thread.join(10)
    assert "does not answer as a QuestDB" in done.problem
    assert done.waiting == {"claude_hooks": 1}
