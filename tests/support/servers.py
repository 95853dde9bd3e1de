"""A real QuestDB and a real Prometheus on loopback, as `.ci/run prepare` fetched them.

Each ends by its own process id. Where one is missing, tests that ask it skip and say why.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import pytest

READY_SECONDS = 60
STEP = 0.05


def folder():
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(os.environ.get("HUBCTL_CI_SERVERS") or f"{cache}/hubctl-ci/servers")


def questdb_jar():
    """The jar, or a skip."""
    found = sorted(folder().glob("questdb-*.jar"))
    if not found or not shutil.which("java"):
        pytest.skip(f"no QuestDB in {folder()}, or no java: .ci/run prepare fetches it")
    return found[-1]


def prometheus_program(name):
    """`prometheus` or `promtool`, or a skip."""
    found = folder() / "prometheus/usr/bin" / name
    path = str(found) if found.exists() else shutil.which(name)
    if not path:
        pytest.skip(f"no {name} in {folder()}: .ci/run prepare fetches it")
    return path


def free_ports(count):
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]


def get(url, seconds=10):
    with urllib.request.urlopen(url, timeout=seconds) as answer:
        return answer.read()


def until(found, seconds=READY_SECONDS, what="an answer"):
    """Ask until there is something; a failed test after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError, urllib.error.URLError):
            if answer := found():
                return answer
        if time.monotonic() > end:
            pytest.fail(f"no {what} within {seconds} s")
        time.sleep(STEP)


@contextlib.contextmanager
def process(command, log):
    """A program that is ended, by its own id, whatever happens."""
    with open(log, "wb") as stream:
        running = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT
        )
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait(20)


class RealQuestDB:
    """Its ports, and what it answers."""

    def __init__(self, http, pg):
        self.http = http
        self.pg = pg

    def rows(self, sql):
        found = get(f"http://127.0.0.1:{self.http}/exec?{urlencode({'query': sql})}")
        return json.loads(found)["dataset"]

    def settled(self, sql, wanted):
        """Rows once they are as wanted: what was confirmed is applied a moment later.

        A new column, too: until then the question itself is refused.
        """
        until(lambda: self.rows(sql) == wanted, 20, f"{wanted} from {sql}")


@contextlib.contextmanager
def questdb(place):
    jar = questdb_jar()
    http, pg = free_ports(2)
    (place / "conf").mkdir(parents=True)
    (place / "conf/server.conf").write_text(
        f"http.bind.to=127.0.0.1:{http}\npg.net.bind.to=127.0.0.1:{pg}\n"
        "http.min.enabled=false\nline.tcp.enabled=false\nline.udp.enabled=false\n"
        "telemetry.enabled=false\nshared.worker.count=1\nhttp.worker.count=1\npg.worker.count=1\n"
    )
    program = [shutil.which("java"), "-Xmx400m", "-XX:TieredStopAtLevel=1", "-p", str(jar)]
    command = [*program, "-m", "io.questdb/io.questdb.ServerMain", "-d", str(place)]
    with process(command, place / "log"):
        made = RealQuestDB(http, pg)
        until(lambda: made.rows("SELECT 1"), what="QuestDB")
        yield made


class RealPrometheus:
    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"

    def ask(self, path, **values):
        return json.loads(get(f"{self.url}/api/v1/{path}?{urlencode(values)}"))["data"]

    def query(self, promql, at=None):
        values = {"query": promql} | ({"time": at} if at is not None else {})
        return self.ask("query", **values)["result"]


@contextlib.contextmanager
def prometheus(place, config, *options):
    """A Prometheus with the configuration of that text."""
    program = prometheus_program("prometheus")
    place.mkdir(parents=True, exist_ok=True)
    (place / "prometheus.yml").write_text(config)
    [port] = free_ports(1)
    command = [program, f"--config.file={place}/prometheus.yml", f"--storage.tsdb.path={place}/db"]
    command += [f"--web.listen-address=127.0.0.1:{port}", *options]
    with process(command, place / "log"):
        made = RealPrometheus(port)
        until(lambda: get(f"{made.url}/-/ready"), what="Prometheus")
        yield made


def promtool(*words):
    """What promtool says of files; a failure where it does not take them."""
    done = subprocess.run(
        [prometheus_program("promtool"), *map(str, words)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
