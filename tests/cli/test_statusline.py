"""The client's status line: one line whatever comes in, nothing heavy loaded, drift marked."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.output.cells import width
from hubctl.reports.statusline import Known, drift_mark, line, plan_words
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


@pytest.mark.parametrize("columns", range(1, len(WHOLE) + 2))
def test_it_fits_and_what_matters_least_goes_first(columns):
    text = shown(GIVEN, drift="drift 2", branch="main", width=columns)
    assert text == "hubctl" or len(text) <= columns
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


@pytest.mark.parametrize("used", [-1, -0.5, "x", True])
def test_what_is_less_than_nothing_is_left_out(used):
    parts = {"cost": {"total_cost_usd": used}, "context_window": {"used_percentage": used}}
    assert shown(parts) == "hubctl"


def test_of_a_window_that_began_anew_nothing_is_known():
    windows = {"five_hour": {"used_percentage": 99, "resets_at": NOW - 1}}
    assert shown({"rate_limits": windows}) == "hubctl"
    assert plan_words({"windows": windows, "time": NOW - 60}, NOW) == ""
    windows["five_hour"]["resets_at"] = NOW + 60
    assert plan_words({"windows": windows, "time": NOW - 60}, NOW).endswith("1 min ago")


@pytest.mark.parametrize("name", ["模型模型", "e\u0301te\u0301", "🙂🙂"])
def test_wide_letters_take_the_columns_they_take(name):
    given = {"model": {"display_name": name}, "context_window": {"used_percentage": 5}}
    whole = f"{name} · context 5 %"
    assert shown(given, width=width(whole)) == whole
    assert shown(given, width=width(whole) - 1) == "context 5 %"


DAY = 86_400


@pytest.mark.parametrize(
    ("drift", "age", "changed", "text"),
    [
        (0, 60, False, ""),
        (0, 60, True, "drift?"),
        (2, 60, False, "drift 2"),
        (2, 60, True, "drift 2?"),
        (2, 3 * DAY, False, "drift 2? (3 d)"),
        (0, 3 * DAY, False, "drift? (3 d)"),
        (0, -3 * DAY, False, "drift?"),
        (-1, 60, True, ""),
        (True, 60, True, ""),
        (None, 60, True, ""),
    ],
)
def test_a_mark_says_when_it_may_be_wrong(drift, age, changed, text):
    assert drift_mark({"drift": drift, "time": NOW - age}, NOW, changed=changed) == text


def test_a_mark_of_no_known_time_is_no_news():
    assert drift_mark({"drift": 2}, NOW, changed=False) == "drift 2?"
    assert drift_mark([], NOW, changed=True) == drift_mark(None, NOW, changed=True) == ""


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


NOTHING = (
    *(b"", b"{", b"[]", b"\xff\xfe", b"[" * 5000, b'{"cost": 1}', b"{}{}", b"\0"),
    b'{"cost": {"total_cost_usd": ' + b"9" * 5000 + b"}}",
    b'{"workspace": {"project_dir": "/src/\\udc00"}}',
    b'{"workspace": {"project_dir": "/src/\\u0000"}}',
)


@pytest.mark.parametrize("data", NOTHING)
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


LOOK = {"NO_COLOR": "1"}


@pytest.fixture
def clean(account):
    """The root of a repository that was just found clean, as the client tells of it."""
    account.canonical(MODEL)
    root = account.repository()
    account.apply()
    account.ok("drift")
    return root, json.dumps({"cwd": str(root)}).encode()


def test_what_is_gone_is_a_change(account, clean):
    root, data = clean
    (root / ".claude/settings.json").unlink()
    assert "drift?" in run(account, data, **LOOK)


def test_what_comes_is_a_change_however_old_it_says_to_be(account, clean):
    root, data = clean
    (root / "CLAUDE.md").write_text("new\n")
    os.utime(root / "CLAUDE.md", (1, 1))
    assert "drift?" in run(account, data, **LOOK)


def test_a_count_that_may_be_wrong_by_now_says_so(account, clean):
    _, data = clean
    account.put("src/api/.claude/settings.json", '{"model": "opus"}\n')
    account.run("drift")
    assert run(account, data, **LOOK) == "api (main) · drift 1\n".replace("main", branch(account))
    account.put("src/api/.claude/settings.json", '{"model": "haiku", "x": 1}\n')
    assert "drift 1?" in run(account, data, **LOOK)


def branch(account):
    return account.git(account.home / "src/api", "symbolic-ref", "--short", "HEAD").strip()


def test_a_session_in_a_folder_of_a_repository(account, clean):
    root, _ = clean
    (root / "src/deep").mkdir(parents=True)
    (root / ".claude/settings.json").unlink()
    found = run(account, json.dumps({"cwd": str(root / "src/deep")}).encode(), **LOOK)
    assert found == f"deep ({branch(account)}) · drift?\n"


def test_a_large_answer_is_read_whole(account):
    given = {**GIVEN, "more": "x" * 3_000_000, "cwd": "/src/api"}
    assert "$1.23" in run(account, json.dumps(given).encode())


def test_a_client_that_does_not_say_that_this_was_all(account):
    with subprocess.Popen(
        [sys.executable, "-m", "hubctl", "statusline"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=account.environment,
    ) as process:
        process.stdin.write(json.dumps({"cost": {"total_cost_usd": 2}}).encode())
        process.stdin.flush()
        assert process.stdout.readline() == b"$2.00\n"
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize("how", ["<&-", "</dev/null", ">/dev/full", ">&-", "| true"])
def test_streams_that_are_closed_or_full(account, how):
    script = f"{sys.executable} -m hubctl statusline {how}"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; echo '{{}}' | {script}" if "<" not in how else script],
        env=account.environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


BIG = "9" * 400


@pytest.mark.parametrize(
    "marks",
    [
        "[]",
        '{"targets": []}',
        '{"targets": {"/src/api": 5}, "context_percent": "x"}',
        '{"targets": {"/src/api": {"drift": "x", "time": []}}, "context_percent": NaN}',
        f'{{"targets": {{"/src/api": {{"drift": 1, "time": {BIG}}}}}, "context_percent": {BIG}}}',
        '{"targets": {"/src/api": {"drift": 0, "time": 1, "canonical": "/a\\u0000b"}}}',
    ],
)
def test_marks_that_somebody_damaged(account, marks):
    account.put(".cache/hubctl/marks.json", marks)
    account.put(".cache/hubctl/limits.json", f'{{"time": {BIG}, "windows": 5}}')
    assert "api" in run(account, json.dumps(GIVEN).encode(), **LOOK)


def test_letters_that_the_terminal_does_not_have(account):
    out = run(account, json.dumps(GIVEN).encode(), PYTHONIOENCODING="ascii", NO_COLOR="1")
    assert out.startswith("Sonnet - api - context 42 %")


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
