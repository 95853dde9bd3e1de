"""`hubctl report` and `hubctl survey`: pages, documents and one key stroke."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hubctl.cli.collaboration import collaboration
from hubctl.errors import OperationError
from hubctl.metrics.store import open_store
from hubctl.reports.periods import Span
from hubctl.system.git_people import Together
from hubctl.system.github import PullRequests
from tests.support.cli import MODEL, validate
from tests.support.measures import answer, at, put, weeks_of_work

KINDS = ("weekly", "monthly", "space", "dora")
NOW = at("2026-03-20 18:00")


@pytest.fixture
def worked(account, monkeypatch):
    """Nine days of work, and a clock that stands at the evening of the last."""
    for module in ("hubctl.system.clock", "hubctl.metrics.refresh"):  # the latter forgets old rows
        monkeypatch.setattr(f"{module}.nanoseconds", lambda: NOW * 1000)
    weeks_of_work(str(account.state / "metrics.db"), "2026-03-20", days=9, sessions=2, size=10)
    return account


@pytest.mark.parametrize("kind", KINDS)
def test_json_holds_to_its_schema_and_is_always_the_same(worked, kind):
    first = worked.ok("report", kind, "--json").out
    document = json.loads(first)
    validate(document, "activity-report")
    assert (document["kind"], document["last"]) == (kind, "2026-03-20")
    assert worked.ok("report", kind, "--json", "--no-refresh").out == first


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Apia"])
@pytest.mark.parametrize("form", ["html", "markdown", "json"])
def test_nothing_around_it_decides_its_bytes(account, zone, form):
    """A locale, a seed of hashes, a terminal's width: the same data are the same bytes."""
    made = set()
    base = account.environment | {"TZ": zone}
    filling = (
        "import sys; sys.path.insert(0, sys.argv[2]);"
        "from tests.support.measures import weeks_of_work;"
        "weeks_of_work(sys.argv[1], '2026-03-20', days=9, sessions=2, size=4)"
    )
    path = str(account.state / "metrics.db")
    root = str(Path(__file__).parents[2])
    run([sys.executable, "-c", filling, path, root], base)
    command = [sys.executable, "-m", "hubctl", "report", "weekly", "--until", "2026-03-20"]
    for seed, locale, columns in (("0", "C", "40"), ("7", "C.UTF-8", "200"), ("99", "POSIX", "")):
        around = {"PYTHONHASHSEED": seed, "LC_ALL": locale, "LANG": locale, "COLUMNS": columns}
        made.add(run([*command, "--format", form], base | around))
    assert len(made) == 1 and len(made.pop()) > 1000


def run(command, environment):
    return subprocess.run(
        command, env=environment, check=True, capture_output=True, timeout=60, cwd="/"
    ).stdout


@pytest.mark.parametrize(
    ("name", "begin"),
    [("a.html", "<!doctype html>"), ("a.md", "# Weekly report"), ("a.json", "{\n")],
)
def test_a_page_is_written_as_its_name_says_over_its_like_only(worked, name, begin):
    path = worked.home / name
    assert worked.ok("report", "weekly", "-o", str(path)).out == ""
    assert path.read_text().startswith(begin)
    worked.ok("report", "weekly", "--until", "2026-03-19", "-o", str(path))
    path.write_text("mine\n")
    refused = worked.run("report", "weekly", "-o", str(path))
    assert (refused.code, path.read_text()) == (2, "mine\n")


def test_token_economics_are_those_of_the_hub(worked):
    worked.canonical(MODEL + "      conventions: [Write short sentences.]\n")
    worked.repository()
    worked.apply()
    document = worked.ok("report", "--json").json
    [economy] = [one for one in document["sections"] if one["id"] == "economy"]
    [row] = economy["tables"][0]["rows"]
    assert row[0] == "api" and int(row[2]) > 0


def test_collaboration_is_counted_in_git(worked):
    worked.canonical(MODEL)
    root = worked.repository()
    day = ("-c", "user.email=bob@example.org")
    when = {"GIT_AUTHOR_DATE": "2026-03-18T10:00:00", "GIT_COMMITTER_DATE": "2026-03-18T10:00:00"}
    worked.extra |= when
    worked.git(root, "commit", "-q", "--allow-empty", "-m", "one")
    worked.git(root, *day, "commit", "-q", "--allow-empty", "-m", "x\n\nCo-authored-by: A <a@b.c>")
    text = worked.ok("report", "space", "--json").out
    found = {
        figure["id"]: figure["value"]
        for section in json.loads(text)["sections"]
        for figure in section["figures"]
    }
    assert (found["commits"], found["authors"], found["shared"]) == (2, 2, 50)
    assert "example.org" not in text


# What gh 2.23 says, word for word.
SIGNED_OUT = """\
To get started with GitHub CLI, please run:  gh auth login
Alternatively, populate the GH_TOKEN environment variable with a GitHub API authentication token.
"""
PULLS = [
    {"author": {"login": "ada"}, "createdAt": "2026-03-01T10:00:00Z",
     "mergedAt": f"2026-03-01T{hour}:00:00Z", "reviews": reviews}
    for hour, reviews in (
        ("12", [{"author": {"login": "bob"}, "submittedAt": "2026-03-01T11:00:00Z"}]),
        ("14", [{"author": {"login": "bob"}, "submittedAt": "2026-03-01T13:00:00Z"},
                {"author": {"login": "eve"}, "submittedAt": "2026-03-01T12:00:00Z"}]),
        ("16", [{"author": {"login": "ada"}, "submittedAt": "2026-03-01T11:00:00Z"}]),
        ("18", [{"author": {"login": "bob"}, "submittedAt": "2026-03-01T13:00:00Z"}]),
    )
]  # fmt: skip


def with_gh(worked, code=0, out="", err=""):
    """A stand-in for gh on PATH, in a hub with one repository."""
    worked.canonical(MODEL)
    worked.repository()
    program = worked.base / "bin/gh"
    program.parent.mkdir()
    kept = worked.base / "asked"
    (worked.base / "out").write_text(out)
    (worked.base / "err").write_text(err)
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$GH_PROMPT_DISABLED" "$@" > {kept}\n'
        f"cat {worked.base}/out\ncat {worked.base}/err >&2\nexit {code}\n"
    )
    program.chmod(0o755)
    return kept


def test_pull_requests_as_gh_tells_them(worked, monkeypatch):
    kept = with_gh(worked, out=json.dumps(PULLS))
    monkeypatch.setenv("PATH", f"{worked.base}/bin:/usr/bin:/bin")
    text = worked.ok("report", "space", "--gh", "--json").out
    found = {
        figure["id"]: figure
        for section in json.loads(text)["sections"]
        for figure in section["figures"]
    }
    assert found["reviewed"]["value"] == 75
    assert found["review_wait"]["value"] == 2 * 3600
    assert found["review_time"]["value"] == 5 * 3600
    assert not {"ada", "bob", "eve"} & set(text.replace('"', " ").split())
    asked = kept.read_text().splitlines()
    assert asked[0] == "1" and "merged:2026-02-19..2026-03-20" in asked


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((4, "", SIGNED_OUT), "known of 1 checkout: gh is not signed in (gh auth login)."),
        ((1, "", SIGNED_OUT), "known of 1 checkout: gh is not signed in (gh auth login)."),
        ((1, "", "error connecting to api.github.com\ncheck your"), "gh: error connecting to"),
        ((1, "", ""), "gh: it failed without a word"),
        ((0, "no JSON", ""), "an answer that is not understood"),
        ((0, '{"a": 1}', ""), "an answer that is not understood"),
        ((0, '[{"author": 3}]', ""), "an answer that is not understood"),
    ],
)
def test_gh_that_cannot_tell_says_why(worked, monkeypatch, answer, told):
    with_gh(worked, *answer)
    monkeypatch.setenv("PATH", f"{worked.base}/bin:/usr/bin:/bin")
    document = worked.ok("report", "space", "--gh", "--json").json
    [section] = [one for one in document["sections"] if one["id"] == "collaboration"]
    [note] = section["notes"]
    assert note.startswith("Pull requests are not known of 1 ") and told in note
    states = {figure["id"]: figure["state"] for figure in section["figures"]}
    assert states["reviewed"] == states["review_wait"] == "no-source"


def test_gh_that_is_not_there_is_said(worked, monkeypatch):
    worked.canonical(MODEL)
    worked.repository()
    tools = worked.base / "tools"
    tools.mkdir()
    (tools / "git").symlink_to(shutil.which("git"))
    monkeypatch.setenv("PATH", str(tools))
    assert "of 1 checkout: gh is not installed." in worked.ok("report", "space", "--gh").out


@pytest.mark.parametrize(("good", "asked"), [(0, 3), (1, 9)])
def test_a_service_that_is_not_reached_is_not_asked_for_ever(tmp_path, monkeypatch, good, asked):
    path, calls = str(tmp_path / "metrics.db"), []
    rows = [answer("2026-03-18 10:00", project=f"/p{n}", session=f"s{n}") for n in range(9)]
    put(path, "claude_context", rows)

    def pulls(root, *_):
        calls.append(root)
        if len(calls) > good:
            raise OperationError("gh: error connecting")
        return PullRequests(merged=1)

    monkeypatch.setattr("hubctl.cli.collaboration.pull_requests", pulls)
    monkeypatch.setattr("hubctl.cli.collaboration.together", lambda *_: Together(commits=1))
    with open_store(path) as store:
        span = Span(first="2026-03-01", last="2026-03-20")
        found = collaboration(store, None, span, ask_gh=True)
    assert len(calls) == asked
    assert found.problems == (f"of {9 - good} checkouts: gh: error connecting",)


def test_gh_is_not_asked_unless_somebody_wants_it(worked, monkeypatch):
    kept = with_gh(worked)
    monkeypatch.setenv("PATH", f"{worked.base}/bin:/usr/bin:/bin")
    assert "--gh" in worked.ok("report", "space").out
    assert not kept.exists()


def test_a_day_that_is_none_is_refused(worked):
    assert worked.run("report", "--until", "soon").code == 2


# -- survey ----------------------------------------------------------------------------------------


def answers(account):
    with open_store(str(account.state / "metrics.db")) as store:
        sql = "SELECT value, source FROM claude_events WHERE kind = 'survey' ORDER BY time"
        return store.rows(sql)


def test_an_answer_is_kept(account):
    account.ok("survey", "4")
    assert answers(account) == [(4.0, "survey")]
    assert account.run("survey", "6").code == 2
    assert account.run("survey").code == 2  # nobody is there to press a key


@pytest.mark.parametrize(("key", "kept"), [("5", [(5.0, "survey")]), ("q", []), ("\x1b", [])])
def test_one_key_stroke_is_enough(account, monkeypatch, key, kept):
    from dataclasses import replace

    from hubctl.cli.terminal import find_terminal

    monkeypatch.setattr(
        "hubctl.cli.terminal.find_terminal", lambda: replace(find_terminal(), out=True)
    )
    monkeypatch.setattr("click.getchar", lambda: key)
    account.ok("survey")
    assert answers(account) == kept


def hook_line(moment, command, milliseconds):
    """As the client's transcripts have it."""
    timed = {"command": command, "durationMs": milliseconds, "exitCode": 0}
    return json.dumps({"type": "attachment", "timestamp": moment, "hookInfos": [timed]})


def test_the_weekly_report_lies_in_its_folder_and_names_slow_hooks(worked):
    lines = [hook_line(f"2026-03-{day:02}T12:00:00Z", "~/mine/slow.sh", 900) for day in [18] * 10]
    lines += [hook_line("2026-03-18T12:00:00Z", "~/mine/rare.sh", 900)]
    lines += [hook_line("2026-03-01T12:00:00Z", "~/mine/old.sh", 900)] * 10
    worked.put(".claude/projects/x/s.jsonl", "\n".join([*lines, "{torn durationMs"]))
    ran = worked.ok("report", "weekly", "-o", f"{worked.home}/kept/")
    assert "kept/weekly-2026-03-20.html" in ran.err
    page = (worked.home / "kept/weekly-2026-03-20.html").read_text()
    assert page.startswith("<!doctype html>")
    rows = dict(re.findall(r"<td>~/mine/(\w+).sh</td>.*?<td[^>]*>([^<]*)</td></tr>", page))
    assert rows == {"slow": "critical", "rare": "collecting data (1/10)"}
    worked.ok("report", "dora", "--json", "-o", f"{worked.home}/kept/")
    assert json.loads((worked.home / "kept/dora-2026-03-20.json").read_text())["kind"] == "dora"
