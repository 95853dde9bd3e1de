"""The client's status line: one line whatever comes in, nothing heavy loaded, drift marked."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.reports.statusline import Known, line
from tests.guards.test_start_up import HEAVY
from tests.support.cli import MODEL

NOW = 1_795_000_000.0
GIVEN = {
    "cwd": "/src/api",
    "model": {"id": "claude-x", "display_name": "Sonnet"},
    "workspace": {"project_dir": "/src/api"},
    "cost": {"total_cost_usd": 1.234},
    "context_window": {"used_percentage": 42.4},
    "rate_limits": {
        "five_hour": {"used_percentage": 83.2, "resets_at": NOW + 3900},
        "seven_day": {"used_percentage": 12, "resets_at": NOW + 3 * 86_400},
    },
}
WHOLE = (
    "Sonnet · api (main) · context 42 % · drift 2 · 5 h 83 % ! (1 h 05) · 7 d 12 % (3 d) · $1.23"
)


def shown(found, **more):
    return line(found, Known(now=NOW, colour=False, **more))


def test_all_of_it():
    assert shown(GIVEN, drift="drift 2", branch="main") == WHOLE


@pytest.mark.parametrize("width", range(1, len(WHOLE) + 2))
def test_it_fits_and_what_matters_least_goes_first(width):
    text = shown(GIVEN, drift="drift 2", branch="main", width=width)
    assert text == "hubctl" or len(text) <= width
    assert ("Sonnet" not in text) or ("drift 2" in text)


def test_levels_have_a_mark_beside_their_colour():
    full = {"context_window": {"used_percentage": 90}}
    assert shown(full, limit=80.0) == "context 90 % !"
    assert shown(full, limit=None) == "context 90 %"
    assert "\x1b[31m" in line(full, Known(now=NOW, limit=80.0))


@pytest.mark.parametrize("broken", [True, [], "x", None, float("nan"), float("inf"), 1e300, {}])
@pytest.mark.parametrize("key", ["cost", "model", "context_window", "rate_limits", "workspace"])
def test_what_has_another_type_is_left_out(key, broken):
    assert shown({**GIVEN, key: broken})
    inner = dict.fromkeys(GIVEN[key], broken)
    assert "nan" not in shown({**GIVEN, key: inner})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)
KEYS = st.sampled_from([*GIVEN, "other"])


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(KEYS, JSON))
def test_one_line_whatever_the_client_says(found):
    text = shown(found)
    assert text and text.isprintable()


# -- as a process ----------------------------------------------------------------------------------


def run(account, data, **env):
    done = subprocess.run(
        [sys.executable, "-m", "hubctl", "statusline"],
        input=data,
        env=account.environment | env,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 1 and done.stdout.strip()
    return done.stdout.decode()


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 5000, b'{"cost": 1}'])
def test_a_line_comes_out_whatever_goes_in(account, data):
    assert run(account, data) == "hubctl\n"


def test_the_plan_is_kept_for_status(account):
    run(account, json.dumps(GIVEN).encode())
    kept = json.loads((account.cache / "limits.json").read_text())
    assert kept["windows"]["five_hour"] == {"used_percentage": 83.2, "resets_at": NOW + 3900}
    before = (account.cache / "limits.json").stat().st_mtime_ns
    run(account, json.dumps(GIVEN).encode())
    assert (account.cache / "limits.json").stat().st_mtime_ns == before


def test_drift_is_marked_as_the_last_check_found_it(account):
    account.canonical(MODEL)
    root = account.repository()
    account.apply()
    data = json.dumps({"cwd": str(root)}).encode()
    plain = {"NO_COLOR": "1"}
    assert "drift" not in run(account, data, **plain)
    account.ok("drift")
    assert "drift" not in run(account, data, **plain)
    account.put("src/api/.claude/settings.json", '{"model": "opus"}\n')
    assert "drift?" in run(account, data, **plain)
    account.run("drift")
    assert "drift 1" in run(account, data, **plain)


@pytest.mark.parametrize("words", ["health", "audit", "drift --fix", "apply --yes", "status"])
def test_whoever_looks_renews_the_mark(account, words):
    account.canonical(MODEL)
    root = account.repository()
    account.apply()
    data = json.dumps({"cwd": str(root)}).encode()
    account.put("src/api/.claude/settings.json", '{"model": "opus"}\n')
    assert "drift?" in run(account, data, NO_COLOR="1")
    account.run(*words.split())
    mended = "--" in words
    line = run(account, data, NO_COLOR="1")
    assert ("drift 1" in line, "drift" in line) == (not mended, not mended)


def test_nothing_heavy_is_loaded(account):
    code = (
        "import sys; from hubctl.cli.main import main; main(['statusline']);"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(GIVEN).encode(),
        env=account.environment,
        capture_output=True,
        timeout=60,
        check=True,
    )
    loaded = {name.split(".")[0] for name in done.stderr.decode().split()}
    assert not loaded & (HEAVY | {"click", "sqlite3", "subprocess", "hashlib", "urllib"})


def test_help_is_there(account):
    assert "status line" in account.ok("statusline", "--help").out
