"""Cases of hooks_shared/families/context/context_preservation.py."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from hooks_shared import child
from hooks_shared.families.context import context_preservation
from hooks_shared.session import git, pages
from hubctl.system.hooks_package import registry
from tests.hooks.hook_case import without_state
from tests.hooks.inputs import event_text
from tests.hooks.session_case import BROKEN, Session, said, tool, user

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hooks.world import World


@pytest.fixture
def case(tmp_path: Path) -> Session:
    return Session("context-preservation", tmp_path.resolve())


def _git(folder: Path, *words: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(
        ["git", *who, *words],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        timeout=30,
    )


def test_what_a_session_is_about_comes_back_after_a_compaction(case: Session) -> None:
    case.add(
        user("Add a login page to the shop"),
        *tool("TaskCreate", result="ok", data={"task": {"id": "1", "subject": "Write the form"}}),
        *tool("TaskCreate", result="ok", data={"task": {"id": "2", "subject": "Add tests"}}),
        *tool("TaskCreate", result="ok", data={"task": {"id": "3", "subject": "Old idea"}}),
        *tool("TaskUpdate", result="ok", taskId="1", status="in_progress"),
        *tool("TaskUpdate", result="ok", taskId="3", status="deleted"),
        said("I decided to keep sessions in Redis instead of signed cookies."),
        *tool("Write", result="ok", file_path=str(case.repo / "src/login.py"), content="x"),
        user("don't add a new dependency"),
        user("continue"),
        said("Fine.\n\nNext steps:\n- wire the form to the route\n- check the error page\n\nBye."),
    )
    assert case.at("PreCompact", trigger="auto") == ""
    told = case.again()
    assert told.startswith("Kept of this session by hubctl, ")
    assert told.split("\n")[1:] == [
        "Task: Add a login page to the shop",
        "Latest request: continue",
        "Decisions:",
        "- I decided to keep sessions in Redis instead of signed cookies.",
        "Wishes of the user:",
        "- don't add a new dependency",
        "Open todos:",
        "- Write the form (in progress)",
        "- Add tests",
        "Next steps:",
        "- wire the form to the route",
        "- check the error page",
        "Changed files:",
        "- src/login.py",
    ]


@pytest.mark.parametrize("source", ["compact", "resume", "fork"])
def test_it_is_told_where_a_session_goes_on(case: Session, source: str) -> None:
    case.add(user("Build it"))
    case.at("Stop")
    assert "Task: Build it" in case.again(source)


@pytest.mark.parametrize("source", ["startup", "clear", "", 5])
def test_it_is_silent_where_a_session_begins(case: Session, source: Any) -> None:
    case.add(user("Build it"))
    case.at("Stop")
    assert case.again(source) == ""


def test_without_a_page_the_transcript_is_read(case: Session) -> None:
    case.add(user("Build it"))
    assert "Task: Build it" in case.again("resume")


@pytest.mark.parametrize("event", ["Stop", "PreCompact", "SessionEnd"])
def test_writing_says_nothing(case: Session, event: str) -> None:
    case.add(user("Build it"))
    assert case.decide(case.event(event)) is None
    assert (case.folder / "own/preserved/s-1.md").read_text().startswith("Task: Build it\n")


def test_nobody_waits_for_a_process_where_the_session_works_or_ends(
    case: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    _git(case.repo, "init", "-q")
    monkeypatch.setattr(child, "run", lambda *given, **more: pytest.fail("started a process"))
    case.again("startup")
    case.add(user("Build it"))
    for name in ("Stop", "PreCompact", "SessionEnd"):
        case.at(name)
    with pytest.raises(pytest.fail.Exception):
        case.again("resume")


def test_at_the_end_nothing_new_is_nothing_to_do(
    case: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.add(user("Build it"))
    case.at("Stop")
    page = case.folder / "own/preserved/s-1.md"
    os.utime(page, (5, 5))
    case.at("SessionEnd", reason="other")
    assert page.stat().st_mtime == 5
    case.add(user("And that"))
    case.at("SessionEnd", reason="other")
    assert "Latest request: And that" in page.read_text()


def test_a_lost_memory_leaves_the_page(case: Session) -> None:
    case.add(user("Build it"))
    case.at("Stop")
    case.transcript.unlink()
    for path in (case.folder / "state/sessions").glob("*.json"):
        path.unlink()
    assert "Task: Build it" in case.again()


PROMPTS = [
    ("Do it", "Do it"),
    ([{"type": "text", "text": "Do it"}, {"type": "image"}], "Do it"),
    ("<command-name>/tdd</command-name><command-args>login</command-args>", "/tdd login"),
    ("two\nlines   here", "two lines here"),
]


@pytest.mark.parametrize(("content", "task"), PROMPTS)
def test_the_task_is_what_was_asked_first(case: Session, content: object, task: str) -> None:
    case.add(user(content))
    case.at("Stop")
    assert f"\nTask: {task}\n" in case.again() + "\n"


NOT_ASKED = [
    user("x", isMeta=True),
    user("x", isSidechain=True),
    user("x", isCompactSummary=True),
    user("x", promptSource="system"),
    user("<local-command-stdout>x</local-command-stdout>"),
    user("<system-reminder>x</system-reminder>"),
    user("[Request interrupted by user]"),
    user([{"type": "tool_result", "tool_use_id": "t", "content": "x"}]),
    user(""),
]


@pytest.mark.parametrize("line", [*NOT_ASKED, *BROKEN], ids=lambda line: str(line)[:60])
def test_what_nobody_typed_is_no_task(case: Session, line: object) -> None:
    case.add(line, user("Real"))
    case.at("Stop")
    assert "\nTask: Real\n" in case.again() + "\n"


DECISIONS = [
    (said("We are going with SQLite, because it needs no server."), "We are going with SQLite"),
    (said("- **Decision:** keep the old names for one release"), "Decision: keep the old names"),
    (said("Ok. I chose tabs rather than spaces here. Next."), "I chose tabs rather than spaces"),
    (said("Should we go on, going with SQLite instead of a server?"), ""),
    (said("```\nx = chose_other instead of this one\n```"), ""),
    (said("    chose the indented code instead of prose"), ""),
    (said("I chose it."), ""),
    (said("A subagent decided to use something else", isSidechain=True), ""),
]


@pytest.mark.parametrize(("line", "kept"), DECISIONS, ids=lambda value: str(value)[-60:])
def test_decisions_are_sentences_that_say_so(case: Session, line: Any, kept: str) -> None:
    case.add(user("t"), line, said("Bye."))
    case.at("Stop")
    assert ("\nDecisions:\n- " + kept in case.again()) == bool(kept)


def test_answers_and_accepted_plans_are_decisions(case: Session) -> None:
    case.add(
        user("t"),
        *tool("AskUserQuestion", result="ok", data={"answers": {"Which database?": "SQLite"}}),
        *tool("ExitPlanMode", result="ok", plan="\n# Move the store\n\nsteps"),
        *tool("ExitPlanMode", result="Error: rejected", plan="# Burn it"),
    )
    case.at("Stop")
    told = case.again()
    assert "- Plan accepted: Move the store\n- Which database? → SQLite" in told
    assert "Burn" not in told


def test_a_todo_list_is_the_last_one(case: Session) -> None:
    def todo(text: str, status: str) -> dict[str, str]:
        return {"content": text, "status": status, "activeForm": text}

    case.add(user("t"), *tool("TodoWrite", todos=[todo("a", "pending"), todo("b", "pending")]))
    case.at("Stop")
    case.add(*tool("TodoWrite", todos=[todo("a", "completed"), todo("b", "in_progress"), 5]))
    case.at("Stop")
    assert "Open todos:\n- b (in progress)" in case.again() and "- a" not in case.again()


def test_it_goes_on_where_it_stopped(case: Session) -> None:
    case.add(user("first"))
    case.at("Stop")
    case.transcript.write_text("x" * (case.transcript.stat().st_size - 1) + "\n")
    case.add(user("second"))
    case.at("Stop")
    assert "Task: first\nLatest request: second" in case.again()


def test_the_last_message_of_the_event_counts_before_it_is_written(case: Session) -> None:
    case.add(user("t"))
    case.at("Stop", last_assistant_message="Remaining:\n1. the docs\n")
    assert "Next steps:\n- the docs" in case.again()


def test_the_page_never_has_more_than_two_kilobytes(case: Session) -> None:
    def text(mark: str, number: int) -> str:
        return f"{mark} {number} é✓ " + "w" * 150

    case.add(user(text("task", 0) * 4))
    for n in range(300):
        case.add(
            user(f"don't {text('wish', n)}"),
            said(f"I decided to do {text('decision', n)}."),
            *tool("Write", file_path=f"{case.repo}/{n}/" + "p" * 100),
            *tool("TaskCreate", result="ok", data={"task": {"id": n, "subject": text("todo", n)}}),
        )
    case.at("PreCompact")
    told = case.again()
    assert len(told.encode()) <= context_preservation.BYTES
    for title in ("Task: ", "Decisions:", "Wishes of the user:", "Open todos:", "Changed files:"):
        assert f"\n{title}" in told
    assert "decision 299" in told and "decision 0 " not in told and " more\n" in told
    (state,) = (case.folder / "state/sessions").glob("*.json")
    assert state.stat().st_size < 100_000


def test_old_pages_go(case: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGES", 3)
    case.add(user("t"))
    for number in range(6):
        case.at("Stop", session_id=f"s{number}")
    names = {path.name for path in (case.folder / "own/preserved").iterdir()}
    assert len(names) == 3 and "s5.md" in names


def test_a_session_without_a_task_has_no_page(case: Session) -> None:
    case.add(said("hello"))
    case.at("Stop")
    assert case.again() == "" and not (case.folder / "own").exists()


@pytest.mark.parametrize("more", [{"session_id": ""}, {"session_id": "../.."}, {"agent_id": "a"}])
def test_what_is_no_session_of_its_own_is_passed_over(case: Session, more: dict[str, str]) -> None:
    case.add(user("t"))
    case.at("Stop", **more)
    assert not (case.folder / "own").exists() and case.again(**more) == ""


@pytest.mark.parametrize("event", [{}, {"session_id": "s"}, {"session_id": "s", "unknown": [1]}])
def test_an_event_without_its_fields_is_no_error(case: Session, event: dict[str, Any]) -> None:
    for name in ("Stop", "SessionStart"):
        assert case.decide({"hook_event_name": name, "source": "compact", **event}) is None


def test_without_memory_the_page_is_still_written_and_told(case: Session) -> None:
    without_state(case)
    case.add(user("Build it"))
    case.at("Stop")
    assert "Task: Build it" in case.again()


def test_the_longer_page_of_session_summary_is_named_not_repeated(case: Session) -> None:
    case.add(user("Build it"))
    case.at("Stop")
    assert "more in" not in case.again()
    summary = case.folder / "own/summaries/s-1.md"
    summary.parent.mkdir()
    summary.write_text("# Session s-1\n")
    told = case.again()
    assert (f"; more in {summary}:\n" in told) == (len(str(summary)) < 120)


def test_git_tells_branch_changes_and_commits(case: Session) -> None:
    repo = case.repo
    _git(repo, "init", "-q")
    (repo / "a").write_text("1")
    _git(repo, "add", "a")
    _git(repo, "commit", "-qm", "First")
    case.again("startup")
    case.add(user("t"))
    case.at("Stop")
    assert "\nGit: branch main, all committed\n" in case.again() + "\n"
    assert "Commits" not in case.again()
    (repo / "a").write_text("2")
    _git(repo, "commit", "-qam", "Second thing")
    (repo / "a").rename(repo / "b c")
    _git(repo, "add", "-A")
    (repo / "new").write_text("")
    case.add(*tool("Write", file_path=str(repo / "new")))
    case.at("Stop")
    told = case.again()
    assert "\nGit: branch main, 2 not committed\n" in told
    assert "\nCommits:\n- " in told and "Second thing\n" in told and "First" not in told
    assert "\nChanged files:\n- new\n" in told
    assert "\nOther uncommitted files:\n- b c\n" in told + "\n"


def test_git_is_asked_without_running_what_a_repository_names(case: Session) -> None:
    mark = case.folder / "ran"
    _git(case.repo, "init", "-q")
    _git(case.repo, "config", "core.fsmonitor", f"touch {mark}")
    assert git.look(str(case.repo), "", 5) is not None
    assert not mark.exists()


def test_outside_git_and_without_git_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert git.look(str(tmp_path), "", 5) is None
    assert git.look(str(tmp_path / "gone"), "", 5) is None
    monkeypatch.setenv("PATH", "relative::/nowhere")
    assert git.look(str(tmp_path), "", 5) is None


def test_an_unborn_branch_and_a_detached_head_have_no_name_or_commit(case: Session) -> None:
    _git(case.repo, "init", "-q")
    work = git.look(str(case.repo), "", 5)
    assert work and (work.branch, work.head, work.changed) == ("main", "", [])
    (case.repo / "a").write_text("")
    _git(case.repo, "add", "a")
    _git(case.repo, "commit", "-qm", "x")
    _git(case.repo, "checkout", "-q", "--detach")
    work = git.look(str(case.repo), "not a commit", 5)
    assert work and work.branch == "" and len(work.head) == 40 and work.commits == []


def test_in_runs_of_its_own(world: World, tmp_path: Path) -> None:
    case = Session("context-preservation", tmp_path.resolve())
    case.add(user("Build it"), *tool("Write", file_path=f"{world.repo}/a.py", content="x"))
    row = registry.find("context-preservation")
    assert row is not None
    for event in row.events:
        world.enable(row.id, event, module=row.module)
    fields = {"session_id": "s-1", "transcript_path": str(case.transcript), "cwd": str(world.repo)}
    assert world.launch("PreCompact", event_text("PreCompact", **fields)).stdout == ""
    answer = world.launch("SessionStart", event_text("SessionStart", source="compact", **fields))
    assert "\nTask: Build it\nChanged files:\n- a.py" in answer.context
    assert world.launch("SessionEnd", event_text("SessionEnd", **fields)).code == 0
    for record in world.records():
        assert record["incidents"] == [] and "problem" not in record["hooks"][0]
        assert record["hooks"][0]["ms"] < 1000


def test_the_head_is_read_from_gits_files(case: Session) -> None:
    repo = case.repo
    assert git.head(str(repo)) == git.head("") == git.head("relative") == ""
    _git(repo, "init", "-q")
    assert git.head(str(repo)) == ""
    (repo / "a").write_text("")
    _git(repo, "add", "a")
    _git(repo, "commit", "-qm", "x")
    work = git.look(str(repo), "", 5)
    assert work and git.head(str(repo)) == git.head(str(repo / "no/such")) == work.head != ""
    _git(repo, "worktree", "add", "-q", "-b", "side", str(case.folder / "tree"))
    assert git.head(str(case.folder / "tree")) == work.head
    _git(repo, "pack-refs", "--all")
    assert git.head(str(repo)) == git.head(str(case.folder / "tree")) == work.head
    _git(repo, "checkout", "-q", "--detach")
    assert git.head(str(repo)) == work.head
    (repo / ".git/HEAD").write_bytes(b"\xff\0")
    assert git.head(str(repo)) == ""
