"""One world with four weeks of sessions and hostile names, and the real dashboard over it."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hubctl.demo.sessions import session_files
from tests.support.browser import CHROMIUM, browser
from tests.support.cli import ROOT
from tests.support.measures import answer, put

HUB = """\
hub: {name: acme}
thresholds:
  daily_cost_usd: {warning: 0.001, critical: 0.002}
repositories:
  api:
    path: ~/src/api
    overrides: {settings: {model: sonnet}}
"""
HOSTILE = "<img src=x onerror=\"document.title='stolen'\">"
ARABIC = "/مشروع الاختبار"
LONG = "a-very-long-name-of-a-project-" * 6


class Served:
    """A dashboard that runs: its address with the token, without it, and the home behind it."""

    def __init__(self, home: Path, address: str) -> None:
        self.home = home
        self.address = address
        self.base = address.partition("/?")[0]
        self.token = address.partition("token=")[2]
        self.port = int(self.base.rpartition(":")[2])

    def ask(self, path, *, method="GET", cookie=True, **headers):
        """Status, headers and text of an answer; `_` in a header's name stands for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        if cookie:
            headers["Cookie"] = f"other=1; hubctl-{self.port}={self.token}"
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=names)
        answered = connection.getresponse()
        found = (answered.status, dict(answered.getheaders()), answered.read().decode())
        connection.close()
        return found


def environment(home):
    """Where hubctl lives in that home and nowhere else."""
    return {
        "HOME": str(home),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "TZ": "UTC",
        "LANG": "C.UTF-8",
    }


def make_home(home):
    """A hub, a repository that drifted, four weeks of sessions, and names that bite."""
    state = home / ".local/state/hubctl/acme/hooks"
    evening = datetime.now(UTC).replace(hour=23, minute=50)
    for path, text in session_files(str(home), evening, str(state)).items():
        place = Path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    (home / "hub").mkdir()
    (home / "hub/canonical.yaml").write_text(HUB)
    (home / "src/api/.claude").mkdir(parents=True)
    (home / "src/api/.claude/settings.json").write_text('{"model": "opus"}\n')
    env = environment(home)
    git = ["git", "init", "-q", "--template=", str(home / "src/api")]
    subprocess.run(git, env=env, check=True, timeout=60)
    refresh = [sys.executable, "-m", "hubctl", "metrics", "refresh"]
    subprocess.run(refresh, cwd=home / "hub", env=env, check=True, timeout=60)
    store = str(home / ".local/state/hubctl/metrics.db")
    moment = int((datetime.now(UTC) - timedelta(minutes=5)).timestamp() * 1_000_000)
    projects = (f"/{HOSTILE}", ARABIC, f"/{LONG}")
    rows = [
        answer(moment, session=f"hostile{n}", project=one, cost_usd=30.0 + n, model=HOSTILE)
        for n, one in enumerate(projects)
    ]
    put(store, "claude_context", rows)
    call = {"time": moment, "source": "otel", "session": "hostile0", "project": projects[0]}
    failed = call | {"tool": HOSTILE, "success": False}
    calls = [failed | {"call": f"h{n}"} for n in range(30)]  # among the tools used most
    put(store, "claude_tool_usage", calls)
    sessions = [
        {"time": moment, "source": "derived", "session": f"hostile{n}", "project": one}
        for n, one in enumerate(projects)
    ]
    put(store, "claude_sessions", sessions)
    # Rolled up before anybody looks: a slow machine shows what it has for a while.
    subprocess.run(refresh, cwd=home / "hub", env=env, check=True, timeout=60)


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    home = tmp_path_factory.mktemp("dashboard")
    make_home(home)
    yield from serving(home)


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """A dashboard of an account that has nothing at all, not even a hub."""
    home = tmp_path_factory.mktemp("empty")
    (home / "hub").mkdir()
    yield from serving(home)


def serving(home):
    with subprocess.Popen(
        [sys.executable, "-m", "hubctl", "dashboard", "--for", "1800"],
        cwd=home / "hub",
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield Served(home, process.stdout.readline().strip())
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with browser(tmp_path_factory.mktemp("chromium")) as made:
        yield made


@pytest.fixture(scope="session")
def axe():
    """The source of the accessibility checker that CI fetched."""
    cache = os.environ.get("XDG_CACHE_HOME") or f"{os.path.expanduser('~')}/.cache"
    folder = os.environ.get("HUBCTL_CI_AXE") or f"{cache}/hubctl-ci/axe"
    found = Path(folder) / "node_modules/axe-core/axe.min.js"
    if not found.is_file():
        pytest.skip("axe-core is not there: .ci/run prepare fetches it")
    return found.read_text(encoding="utf-8")
