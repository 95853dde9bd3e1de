"""The listening door with narrow limits: nobody holds it open for ever."""

from __future__ import annotations

import http.client
import select
import socket
import threading

import pytest

from hubctl.system.loopback import Limits, Response, listen
from hubctl.system.loopback_service import Times, ToKeep, ToMake, serve

NARROW = Limits(body=1000, held=1500, connections=2, seconds=0.2, idle_seconds=0.2)
HEAD = b"POST / HTTP/1.1\r\nHost: localhost:1\r\nContent-Length: 900\r\n\r\n"


class Echo:
    """Gives back what it was sent once it is kept; `wait` holds that up, `fail` breaks it."""

    def __init__(self):
        self.wait = threading.Event()
        self.wait.set()
        self.begun = threading.Event()
        self.fail = False
        self.closed = False

    def answer(self, request):
        if request.method == "GET":
            return ToMake(make=lambda: Response(body=threading.current_thread().name.encode()))
        return ToKeep(content=request.body, rows=20_000)

    def keep(self, contents):
        self.begun.set()
        self.wait.wait(30)
        if self.fail:
            raise ValueError("a bug")
        return [Response(body=content) for content in contents]

    def follow(self):
        pass

    def close(self):
        self.closed = True


class Served:
    def __init__(self, limits=None, times=None):
        self.echo = Echo()
        self.error = None
        self.listening = listen(0)
        self.port = self.listening.getsockname()[1]
        self.stop = threading.Event()
        self._limits, self._times = limits, times
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        try:
            serve(
                self.listening,
                self.echo,
                limits=self._limits,
                times=self._times,
                stopped=self.stop.is_set,
            )
        except ValueError as error:
            self.error = error

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), 30)

    def ask(self, method="POST", body=b"x"):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        client.request(method, "/", body)
        answer = client.getresponse()
        found = answer.status, answer.read()
        client.close()
        return found

    def end(self):
        self.echo.wait.set()
        self.stop.set()
        self.thread.join(30)
        assert not self.thread.is_alive()
        self.listening.close()


@pytest.fixture
def served():
    made = Served(NARROW)
    yield made
    made.end()
    assert made.echo.closed


def everything(client):
    client.settimeout(30)
    found = b""
    while part := client.recv(4096):
        found += part
    return found


def test_a_body_that_does_not_come_is_given_up(served):
    with served.connect() as client:
        client.sendall(HEAD + b"some")
        assert everything(client).startswith(b"HTTP/1.1 408 ")


def test_a_connection_that_says_nothing_is_closed(served):
    with served.connect() as client:
        assert everything(client) == b""


def test_a_body_too_large_is_refused_by_its_length(served):
    status, told = served.ask(body=b"x" * 1001)
    assert (status, told) == (413, b"more than 1000 bytes\n")


def test_bodies_are_counted_together():
    served = Served(Limits(body=1000, held=1500))
    with served.connect() as client:
        client.sendall(HEAD)
        while served.ask(body=b"x" * 900)[0] == 200:
            pass  # until the other's head has been read
        assert served.ask(body=b"x" * 500)[0] == 200
        client.sendall(b"y" * 900)
        assert b"y" * 900 in client.recv(4096)
    assert served.ask(body=b"x" * 900)[0] == 200
    served.end()


def test_who_brings_more_than_waits_already_comes_again():
    served = Served()
    served.echo.wait.clear()
    clients = [served.connect() for _ in range(5)]
    head = b"POST / HTTP/1.1\r\nHost: localhost:1\r\nContent-Length: 0\r\n\r\n"
    clients[0].sendall(head)
    assert served.echo.begun.wait(30)
    for client in clients[1:]:
        client.sendall(head)
    # Three wait while the first is being kept; the one that came last is told so at once.
    refused, _, _ = select.select(clients, [], [], 30)
    assert [client.recv(4096)[9:12] for client in refused] == [b"503"]
    served.echo.wait.set()
    others = [client for client in clients if client not in refused]
    assert [client.recv(4096)[9:12] for client in others] == [b"200"] * 4
    for client in clients:
        client.close()
    served.end()


def test_what_is_made_of_the_disk_is_made_by_its_thread(served):
    status, name = served.ask("GET", None)
    assert status == 200
    assert name != threading.current_thread().name.encode()
    assert name == served.ask("GET", None)[1]


def test_a_bug_ends_the_service_and_is_not_silent():
    served = Served(Limits(last_seconds=0.2))
    served.echo.fail = True
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        served.ask()
    served.thread.join(30)
    assert str(served.error) == "a bug"
    assert served.echo.closed
    served.end()


def test_without_anybody_connected_it_ends():
    served = Served(times=Times(idle=0.1))
    served.thread.join(30)
    served.end()
