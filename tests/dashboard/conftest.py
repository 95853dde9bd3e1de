"""One demo world with four weeks of sessions, and the real dashboard over it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hubctl.demo.sessions import session_files
from tests.support.cli import ROOT

HUB = """\
hub: {name: acme}
thresholds:
  daily_cost_usd: {warning: 0.001, critical: 0.002}
repositories:
  api:
    path: ~/src/api
    overrides: {settings: {model: sonnet}}
"""


class Served:
    """A dashboard that runs: its address with the token, without it, and the home behind it."""

    def __init__(self, home: Path, address: str) -> None:
        self.home = home
        self.address = address
        self.base = address.partition("/?")[0]
        self.token = address.partition("token=")[2]


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    home = tmp_path_factory.mktemp("dashboard")
    state = home / ".local/state/hubctl/acme/hooks"
    noon = datetime.now(UTC).replace(hour=23, minute=50)
    for path, text in session_files(str(home), noon, str(state)).items():
        place = Path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    (home / "hub").mkdir()
    (home / "hub/canonical.yaml").write_text(HUB)
    (home / "src/api/.claude").mkdir(parents=True)
    (home / "src/api/.claude/settings.json").write_text('{"model": "opus"}\n')
    env = {
        "HOME": str(home),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "TZ": "UTC",
        "LANG": "C.UTF-8",
    }
    git = ["git", "init", "-q", "--template=", str(home / "src/api")]
    subprocess.run(git, env=env, check=True, timeout=60)
    hubctl = [sys.executable, "-m", "hubctl"]
    subprocess.run(
        [*hubctl, "metrics", "refresh"], cwd=home / "hub", env=env, check=True, timeout=60
    )
    with subprocess.Popen(
        [*hubctl, "dashboard", "--for", "110"],
        cwd=home / "hub",
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield Served(home, process.stdout.readline().strip())
        process.terminate()
        process.wait(timeout=20)
