"""Plan and apply on real files: what is written, what is left alone, what goes away again."""

from __future__ import annotations

import json

import pytest

from hubctl.engine.rollback import reverse
from hubctl.errors import OperationError
from hubctl.model.item import FileText
from hubctl.model.state import Action, Scope, Status
from tests.support.workbench import SETTINGS, allow, block, item, link, setting, snapshot, whole

HAND_MADE = (
    b'{\r\n\t"theme":  "dark",\r\n\t"permissions": {"deny": ["Read(.env)"], "allow": []},\r\n'
    b'\t"x-own": {"b": 1, "a": 2},\r\n\t"model":"opus"\r\n}\r\n'
)


def statuses(plan):
    return {change.address.local: change.status for change in plan.changes}


def test_an_empty_repository_gets_everything_and_then_plans_nothing(bench):
    items = [
        setting("/model", "sonnet"),
        allow("Bash(ls *)"),
        block("Be kind.\n"),
        whole(".claude/commands/tdd/red.md", "Write a failing test.\n"),
        link(".claude/hooks/hubctl", "/opt/hooks/current"),
    ]
    outcome = bench.apply(items)
    assert (outcome.written, outcome.failed, outcome.message) == (5, 0, "")
    assert json.loads(bench.read(SETTINGS)) == {
        "model": "sonnet",
        "permissions": {"allow": ["Bash(ls *)"]},
    }
    assert bench.read(".claude/commands/tdd/red.md") == b"Write a failing test.\n"
    plan = bench.plan(items)
    assert plan.changes == ()
    assert plan.in_sync == 5
    assert bench.plan(items).fingerprints == {}


def test_only_the_owned_spans_of_a_hand_made_file_change(bench):
    bench.put(SETTINGS, HAND_MADE)
    bench.apply([allow("Bash(ls *)"), setting("/outputStyle", "Concise")])
    after = bench.read(SETTINGS)
    assert b'\t"theme":  "dark",\r\n' in after
    assert b'"x-own": {"b": 1, "a": 2},\r\n' in after
    assert b'"allow": ["Bash(ls *)"]' in after
    assert after.count(b"\r\n") == HAND_MADE.count(b"\r\n") + 1


def test_adding_and_removing_gives_every_byte_and_folder_back(bench):
    bench.put(SETTINGS, HAND_MADE)
    bench.put("CLAUDE.md", b"# Mine\r\n\r\nno final newline")
    before = snapshot(bench.root)
    bench.apply(
        [
            allow("Bash(ls *)"),
            setting("/env/A", "1"),
            block("Be kind.\n"),
            whole(".claude/rules/deep/er/a.md", "x\n"),
            link(".claude/hooks/hubctl", "/opt/hooks/current"),
        ]
    )
    assert snapshot(bench.root) != before
    bench.apply([])
    assert snapshot(bench.root) == before


def test_an_unmanaged_value_is_a_conflict_until_it_is_taken(bench):
    bench.put(SETTINGS, b'{"model": "opus"}')
    plan = bench.plan([setting("/model", "sonnet")])
    assert statuses(plan) == {f"{SETTINGS}#/model": Status.CONFLICT}
    assert plan.acting() == ()
    bench.apply([setting("/model", "sonnet")], take=[f"api:{SETTINGS}#/model"])
    assert bench.read(SETTINGS) == b'{"model": "sonnet"}'


def test_an_equal_value_is_adopted_and_released_untouched(bench):
    bench.put(SETTINGS, b'{"model":"sonnet"}')
    bench.apply([setting("/model", "sonnet")])
    assert bench.plan([setting("/model", "sonnet")]).changes == ()
    bench.apply([])
    assert bench.read(SETTINGS) == b'{"model":"sonnet"}'
    assert not (bench.root / ".claude/hub.lock.json").exists()


def test_drift_is_told_from_a_change_of_canonical(bench):
    bench.apply([setting("/model", "sonnet"), setting("/language", "english")])
    bench.put(SETTINGS, bench.read(SETTINGS).replace(b"sonnet", b"opus"))
    found = statuses(bench.plan([setting("/model", "sonnet"), setting("/language", "french")]))
    assert found == {
        f"{SETTINGS}#/model": Status.DRIFTED,
        f"{SETTINGS}#/language": Status.PENDING,
    }


def test_an_orphan_somebody_edited_is_never_deleted_silently(bench):
    bench.apply([whole(".claude/rules/a.md", "ours\n")])
    bench.put(".claude/rules/a.md", "theirs\n")
    plan = bench.plan([])
    assert statuses(plan) == {".claude/rules/a.md": Status.CONFLICT}
    assert plan.changes[0].observed.text == "theirs\n"
    bench.carry_out(plan)
    assert bench.read(".claude/rules/a.md") == b"theirs\n"


def test_line_ends_and_formatting_alone_are_no_drift(bench):
    items = [
        setting("/model", "sonnet"),
        setting("/env/A", "1"),
        whole(".claude/rules/a.md", "a\nb\n"),
    ]
    bench.apply(items)
    bench.put(".claude/rules/a.md", b"a\r\nb\r\n")
    bench.put(SETTINGS, b'{"env":\n{"A"  :"1"},\n\n"model":"sonnet"}')
    before = snapshot(bench.root)
    plan = bench.plan(items)
    assert plan.changes == ()
    bench.carry_out(plan)
    assert snapshot(bench.root) == before


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'{\n  // mine\n  "model": "opus"\n}', 2),
        (b'{\n  "model": "opus",\n}', 2),
        (b'{"a": 1}\n<<<<<<< HEAD\n', 2),
        (b"\xff\xfe", 1),
        (b'{"a": NaN}', 1),
    ],
)
def test_a_file_that_is_no_json_is_left_alone_with_its_line(bench, data, line):
    bench.put(SETTINGS, data)
    plan = bench.plan([setting("/model", "sonnet"), block("x\n")])
    (finding,) = plan.findings
    assert finding.exit_code == 3
    assert finding.location.line == line
    assert statuses(plan) == {"CLAUDE.md#block:hubctl": Status.PENDING}
    bench.carry_out(plan)
    assert bench.read(SETTINGS) == data


def test_a_plan_whose_world_moved_writes_nothing(bench):
    plan = bench.plan([setting("/model", "sonnet"), block("x\n")])
    bench.put("CLAUDE.md", "somebody was here\n")
    before = snapshot(bench.root)
    with pytest.raises(OperationError, match=r"CLAUDE\.md"):
        bench.carry_out(plan)
    assert snapshot(bench.root) == before


def test_rollback_after_apply_is_the_identity(bench):
    bench.put(SETTINGS, HAND_MADE)
    (bench.root / SETTINGS).chmod(0o640)
    bench.put(".claude/rules/a.md", "old\n")
    (bench.root / "plain").symlink_to("nowhere")
    before = snapshot(bench.root)
    bench.apply(
        [
            allow("Bash(ls *)"),
            block("x\n"),
            link(".claude/hooks/hubctl", "/opt"),
            whole("b/c.md", "n"),
        ]
    )
    reversal = reverse(bench.journal.read("0001"), bench.door)
    assert reversal.changed == ()
    bench_executor_run(bench, reversal.batches)
    assert snapshot(bench.root) == before
    assert not (bench.state / "ledger").exists()


def bench_executor_run(bench, batches):
    from hubctl.engine.apply import Executor
    from hubctl.engine.journal import Entry
    from tests.support.workbench import NoUnits

    entry = Entry(id="9999", time="t", command="rollback", batches=batches)
    outcomes = Executor(door=bench.door, journal=bench.journal, units=NoUnits()).run(entry)
    assert not any(outcome.failed for outcome in outcomes)


def test_rollback_keeps_what_somebody_changed_since(bench):
    bench.apply([block("x\n"), setting("/model", "sonnet")])
    bench.put("CLAUDE.md", "mine now\n")
    reversal = reverse(bench.journal.read("0001"), bench.door)
    assert reversal.changed == (str(bench.root / "CLAUDE.md"),)


def test_a_chain_of_links_into_a_followed_folder_stays_a_chain(bench, tmp_path):
    dotfiles = tmp_path / "dotfiles"
    dotfiles.mkdir()
    (dotfiles / "settings.json").write_text('{"theme": "dark"}\n')
    (dotfiles / "two").symlink_to("settings.json")
    (dotfiles / "one").symlink_to(dotfiles / "two")
    (bench.root / ".claude").mkdir()
    (bench.root / SETTINGS).symlink_to(dotfiles / "one")
    refused = bench.plan([setting("/model", "sonnet")])
    assert refused.changes == ()
    assert "hub.follow" in refused.findings[0].hint
    bench.follow = (str(dotfiles),)
    bench.apply([setting("/model", "sonnet")])
    assert (bench.root / SETTINGS).is_symlink()
    assert (dotfiles / "one").is_symlink()
    found = json.loads((dotfiles / "settings.json").read_text())
    assert found == {"theme": "dark", "model": "sonnet"}


def test_a_followed_link_out_of_the_target_is_refused(bench, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (bench.root / ".claude").symlink_to(outside)
    plan = bench.plan([whole(".claude/rules/a.md", "x\n")])
    assert plan.findings[0].rule == "contain/outside"
    bench.carry_out(plan)
    assert list(outside.iterdir()) == []


def test_a_ledger_that_points_outside_is_damage_and_deletes_nothing(bench, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("precious")
    bench.put(
        ".claude/hub.lock.json",
        json.dumps(
            {
                "format": "hubctl/ledger",
                "version": 1,
                "hub": "acme",
                "repository": "api",
                "records": {"../victim": "sha256:00"},
                "containers": {},
            }
        ),
    )
    records = bench.records()
    assert records.committed.state == "damaged"
    assert records.committed.ledger.is_empty()
    bench.apply([])
    assert victim.read_text() == "precious"


def test_a_lost_ledger_adopts_what_agrees_and_deletes_nothing(bench):
    items = [setting("/model", "sonnet"), whole(".claude/rules/a.md", "x\n")]
    bench.apply(items)
    (bench.root / ".claude/hub.lock.json").write_text("<<<<<<< HEAD\n{}\n=======\n")
    plan = bench.plan(items)
    assert {change.action for change in plan.changes} == {Action.ADOPT}
    bench.carry_out(plan)
    bench.apply([])
    assert bench.read(".claude/rules/a.md") == b"x\n"


def test_a_file_that_became_a_folder_is_one_finding(bench):
    (bench.root / SETTINGS).mkdir(parents=True)
    plan = bench.plan([setting("/model", "sonnet"), block("x\n")])
    assert [f.message for f in plan.findings] == [
        "cannot read it: a folder stands where a file belongs"
    ]
    assert bench.carry_out(plan).written == 1


def test_a_file_is_never_emptied_without_leave(bench):
    bench.apply([setting("/model", "sonnet")])
    lock = bench.root / ".claude/hub.lock.json"
    text = json.loads(lock.read_text())
    text["containers"] = {}
    lock.write_text(json.dumps(text))
    with pytest.raises(OperationError, match="empty"):
        bench.apply([])
    bench.apply([], prune=True)
    assert not (bench.root / SETTINGS).exists() or bench.read(SETTINGS).strip() == b"{}"


def test_a_repository_without_a_claude_folder_gets_none_left_behind(bench):
    before = snapshot(bench.root)
    bench.apply([setting("/model", "sonnet"), whole(".claude/rules/a.md", "x\n")])
    bench.apply([])
    assert snapshot(bench.root) == before


def test_what_moves_to_another_scope_changes_ledgers_and_no_bytes(bench):
    bench.apply([whole(".claude/rules/a.md", "x\n")])
    local = item(".claude/rules/a.md", "", FileText(text="x\n"), Scope.LOCAL)
    before = bench.read(".claude/rules/a.md")
    plan = bench.plan([local])
    assert {change.action for change in plan.changes} == {Action.ADOPT, Action.FORGET}
    bench.carry_out(plan)
    assert bench.read(".claude/rules/a.md") == before
    assert bench.plan([local]).changes == ()
    bench.apply([])
    assert not (bench.root / ".claude").exists()


@pytest.mark.parametrize(("first", "then"), [(False, True), (True, False)])
def test_a_file_becomes_executable_and_ceases_to_be(bench, first, then):
    path = ".claude/hooks/check.sh"
    bench.apply([whole(path, "#!/bin/sh\n", executable=first)])
    plan = bench.plan([whole(path, "#!/bin/sh\n", executable=then)])
    assert statuses(plan) == {path: Status.PENDING}
    bench.carry_out(plan)
    assert bool((bench.root / path).stat().st_mode & 0o111) is then
    assert bench.plan([whole(path, "#!/bin/sh\n", executable=then)]).changes == ()


def test_somebody_who_makes_a_file_executable_makes_no_drift(bench):
    item = whole(".claude/rules/a.md", "x\n")
    bench.apply([item])
    (bench.root / ".claude/rules/a.md").chmod(0o755)
    assert bench.plan([item]).changes == ()
    bench.apply([])
    assert not (bench.root / ".claude/rules/a.md").exists()
