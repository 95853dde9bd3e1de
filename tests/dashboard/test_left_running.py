"""A dashboard that is left running: it stays, is found again, and ends when nobody looks."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import select
import signal
import socket
import stat
import subprocess
import sys

import pytest

from hubctl.dashboard.visits import Visits
from hubctl.errors import OperationError
from hubctl.system import resident
from tests.dashboard.conftest import environment

HUB = "hub: {name: acme}\nrepositories: {}\n"


class Account:
    """An account with a hub, and whatever dashboard runs in it."""

    def __init__(self, home):
        self.home = home
        (home / "hub").mkdir(parents=True)
        (home / "hub/canonical.yaml").write_text(HUB)
        self.state = home / ".local/state/hubctl"

    @property
    def record(self):
        """Where the one that runs is written down; a path that is not there where none does."""
        return next(self.state.glob("dashboard-*.json"), self.state / "dashboard-none.json")

    def hubctl(self, *words, code=0):
        done = subprocess.run(
            [sys.executable, "-m", "hubctl", *words],
            cwd=self.home / "hub",
            env=environment(self.home),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == code, done.stderr
        return done

    def start(self, *words):
        """The address of one that was left running."""
        return self.hubctl("dashboard", "--detach", *words).stdout.strip()


@pytest.fixture
def account(tmp_path):
    made = Account(tmp_path / "home")
    yield made
    resident.stop(str(made.record))


def held(address):
    """A connection that the server keeps open, asked once."""
    base, _, token = address.partition("/?token=")
    port = int(base.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/pulse", headers={"Cookie": f"hubctl-{port}={token}"})
    answer = connection.getresponse()
    assert answer.status == 200 and answer.read()
    return connection


def ends(connection):
    """Wait until the other side closes; it takes its time limit at most."""
    assert connection.sock.recv(1) == b""
    connection.close()


def is_deaf(address):
    port = int(address.partition("/?")[0].rpartition(":")[2])
    with socket.socket() as asked:
        asked.settimeout(5)
        return asked.connect_ex(("127.0.0.1", port)) != 0


def gone(pid):
    """Wait until a process that is not ours has ended."""
    if hasattr(os, "pidfd_open"):
        with contextlib.suppress(ProcessLookupError):
            handle = os.pidfd_open(pid)
            assert select.select([handle], [], [], 20)[0]
            os.close(handle)


def test_it_stays_when_its_starter_has_ended_and_is_found_again(account):
    address = account.start()
    connection = held(address)
    found = json.loads(account.record.read_text())
    assert found["address"] == address
    assert os.getsid(found["pid"]) == found["pid"] != os.getsid(0)
    again = account.hubctl("dashboard", "--detach")
    assert again.stdout.strip() == address and "runs already" in again.stderr
    stopped = account.hubctl("dashboard", "--stop")
    assert "has ended" in stopped.stderr and not account.record.exists()
    ends(connection)
    assert is_deaf(address)
    assert "No dashboard was left running" in account.hubctl("dashboard", "--stop").stderr


def test_its_address_is_for_its_owner_alone(account):
    account.start()
    assert stat.S_IMODE(account.record.stat().st_mode) == 0o600
    assert stat.S_IMODE(account.record.parent.stat().st_mode) == 0o700


def test_it_holds_nothing_of_its_starter(account, tmp_path):
    """Neither a pipe nor a file that somebody handed on without a thought."""
    left = tmp_path / "left"
    line = f"exec 7>{left}; {sys.executable} -m hubctl dashboard --detach 2>&1 | cat"
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=account.home / "hub",
        env=environment(account.home),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.startswith("http://127.0.0.1:")
    pid = json.loads(account.record.read_text())["pid"]
    if os.path.isdir(f"/proc/{pid}/fd"):
        assert str(left) not in open_files(pid)
        standard = {os.readlink(f"/proc/{pid}/fd/{number}") for number in (0, 1, 2)}
        assert standard == {os.devnull}


def open_files(pid):
    """What a process has open; it works on, so some of it is closed while we look."""
    found = set()
    for name in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):
            found.add(os.readlink(f"/proc/{pid}/fd/{name}"))
    return found


def test_it_ends_when_nobody_looks(account):
    address = account.start("--idle", "0.01")
    ends(held(address))
    assert is_deaf(address) or resident.find(str(account.record)) is None


def test_whoever_has_no_token_does_not_keep_it_up():
    moments = iter([0.0, 10.0, 20.0, 20.0, 50.0])
    visits = Visits(lambda: next(moments))
    assert visits.quiet_seconds() == 10.0
    visits.note()
    assert visits.quiet_seconds() == 0.0
    assert visits.quiet_seconds() == 30.0


def test_a_stranger_is_no_visitor(served):
    """The gate notes a visit only behind the token."""
    import asyncio

    from hubctl.dashboard.gate import Gate

    async def inner(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    def visit(token):
        noted = []
        visits = type("Noting", (), {"note": lambda _self: noted.append(1)})()
        headers = [(b"host", b"127.0.0.1:80"), (b"cookie", b"hubctl-80=" + token)]
        scope = {"type": "http", "method": "GET", "headers": headers, "query_string": b""}
        scope |= {"server": ("127.0.0.1", 80), "path": "/"}

        async def send(_message):
            pass

        asyncio.run(Gate(inner, "secret", visits)(scope, None, send))
        return noted

    assert visit(b"secret") == [1] and visit(b"guess") == []


def test_it_ends_when_its_folder_is_removed(account):
    connection = held(account.start())
    account.record.unlink()
    ends(connection)
    assert not account.record.exists()


def test_a_record_of_one_that_died_is_not_believed(account):
    """Its number may be somebody else's by now: here it is our own."""
    account.start()
    record, living = account.record, json.loads(account.record.read_text())["pid"]
    os.kill(living, signal.SIGKILL)
    gone(living)
    record.write_text(json.dumps({"pid": os.getpid(), "address": "http://127.0.0.1:1/"}))
    assert "No dashboard" in account.hubctl("dashboard", "--stop").stderr
    assert account.start() != "http://127.0.0.1:1/"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"pid": "x"}', '{"pid": 1}', "\x00\xff"])
def test_a_damaged_record_is_none(tmp_path, content):
    record = tmp_path / "state/dashboard.json"
    with resident.residing(str(record), "http://127.0.0.1:1/"):
        assert resident.find(str(record)).pid == os.getpid()
        record.write_text(content)
        assert resident.find(str(record)) is None


def test_two_never_reside_at_once(tmp_path):
    record = str(tmp_path / "state/dashboard.json")
    with resident.residing(record, "a") as wanted:
        assert wanted()
        with (
            pytest.raises(OperationError, match="another one runs"),
            resident.residing(record, "b"),
        ):
            pass
        os.unlink(record)
        assert not wanted()
    with resident.residing(record, "b"):
        assert resident.find(record).address == "b"
    assert not os.path.exists(record)


def test_why_it_could_not_start_is_told(account):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = account.hubctl("dashboard", "--detach", "--port", str(port), code=3)
    assert f"port {port} of 127.0.0.1 cannot be listened to" in done.stderr
    assert "Traceback" not in done.stderr and not account.record.exists()


def test_of_two_that_begin_at_once_one_runs(account):
    command = [sys.executable, "-m", "hubctl", "dashboard", "--detach"]
    both = [
        subprocess.Popen(
            command,
            cwd=account.home / "hub",
            env=environment(account.home),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(2)
    ]
    told = {process.communicate(timeout=60)[0].strip() for process in both}
    assert [process.returncode for process in both] == [0, 0]
    assert told == {json.loads(account.record.read_text())["address"]}


def test_without_a_hub_it_stays_as_well(tmp_path):
    home = tmp_path / "home"
    account = Account(home)
    (home / "hub/canonical.yaml").unlink()
    connection = held(account.start())
    assert account.record.is_file()
    account.hubctl("dashboard", "--stop")
    ends(connection)


def test_a_canonical_that_was_broken_since_does_not_hide_it(account):
    connection = held(account.start())
    (account.home / "hub/canonical.yaml").write_text("hub: [\n")
    assert "runs already" in account.hubctl("dashboard", "--detach").stderr
    assert "has ended" in account.hubctl("dashboard", "--stop").stderr
    ends(connection)
