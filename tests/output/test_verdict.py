from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.model.finding import Finding, Severity
from hubctl.model.report import Outcome, Verdict
from hubctl.model.state import Action, Status
from hubctl.output.verdict import report, worst
from tests.output import samples
from tests.output import strategies as some

RANK = (0, 1, 4, 3, 2, 130, 70)
ADDRESS = "api:.claude/settings.json#/model"


def one(status, **more):
    found = samples.change(ADDRESS, status, samples.json_value(1), samples.json_value(2), **more)
    return samples.plan(samples.target("api", found))


# status, then the exit code and verdict of: drift, plan, plan --check
CODES = [
    (Status.DRIFTED, (1, "drift"), (0, "changes"), (1, "changes")),
    (Status.MISSING, (1, "drift"), (0, "changes"), (1, "changes")),
    (Status.PENDING, (1, "drift"), (0, "changes"), (1, "changes")),
    (Status.ORPHAN, (1, "drift"), (0, "changes"), (1, "changes")),
    (Status.CONFLICT, (4, "conflict"), (0, "conflict"), (1, "conflict")),
    (Status.UNREADABLE, (3, "failed"), (3, "failed"), (3, "failed")),
    (Status.UNMANAGED, (0, "clean"), (0, "clean"), (0, "clean")),
    (Status.SHADOWED, (0, "clean"), (0, "clean"), (0, "clean")),
]


@pytest.mark.parametrize(("status", "drift", "plan", "check"), CODES, ids=str)
def test_every_status_has_its_code(status, drift, plan, check):
    found = one(status)
    reports = report("drift", found), report("plan", found), report("plan", found, check=True)
    assert [(r.exit_code, r.verdict.value) for r in reports] == [drift, plan, check]


def test_all_statuses_stand_in_the_table():
    assert {row[0] for row in CODES} == set(Status) - {Status.IN_SYNC}


@pytest.mark.parametrize("status", list(Status))
def test_an_exception_makes_any_drift_a_note(status):
    found = report("drift", one(status, excepted="trial", action=Action.UPDATE))
    assert found.exit_code == 0
    assert [f.severity for f in found.findings] == [Severity.NOTE]
    assert "allowed: trial" in found.findings[0].message


def test_recording_what_already_stands_there_is_a_note_of_drift_and_work_for_apply():
    found = one(Status.UNMANAGED, action=Action.ADOPT)
    assert report("drift", found).exit_code == 0
    assert report("plan", found, check=True).exit_code == 1


def test_a_taken_conflict_is_a_change_like_any_other():
    found = one(Status.CONFLICT, action=Action.UPDATE, take=True)
    assert report("plan", found).verdict is Verdict.CHANGES
    assert report("drift", found).exit_code == 1


def test_findings_beside_the_changes_count_too():
    finding = Finding(rule="fleet/broken-link", severity=Severity.WARNING, message="x", exit_code=1)
    found = report("drift", samples.CLEAN, extra=[finding])
    assert (found.exit_code, found.verdict) == (1, Verdict.FINDINGS)
    assert report("plan", samples.CLEAN, extra=[finding]).exit_code == 0
    invalid = replace(finding, exit_code=2, severity=Severity.ERROR)
    assert report("validate", samples.CLEAN, extra=[invalid]).verdict is Verdict.INVALID
    assert report("validate", samples.CLEAN, extra=[invalid]).exit_code == 2


def test_every_finding_of_a_change_names_address_deciding_line_and_command():
    found = report("drift", samples.FLEET).told()
    finding = found[ADDRESS]
    assert (finding.rule, finding.hint) == ("drift/drifted", "hubctl drift --fix api")
    assert str(finding.decided_by) == "canonical.yaml:12"
    assert all(f.address and f.hint for f in found.values())


HINTS = {
    "api:.claude/commands/tdd/red.md": "hubctl apply api --only commands",
    "api:.claude/rules/old.md": "hubctl apply api",
    "api:.claude/settings.json#hook:PreToolUse/hubctl": "hubctl drift --fix api",
    "api:.claude/settings.json#/outputStyle": (
        "hubctl apply --take 'api:.claude/settings.json#/outputStyle',"
        " or make canonical.yaml:18 agree with it"
    ),
    "api:.claude/settings.json#/cleanupPeriodDays": (
        "hubctl explain 'api:.claude/settings.json#/cleanupPeriodDays'"
    ),
}


@pytest.mark.parametrize("address", HINTS)
def test_the_resolving_command(address):
    assert report("drift", samples.FLEET).told()[address].hint == HINTS[address]


# -- apply ---------------------------------------------------------------------------------------


def test_what_apply_carried_out_is_no_longer_told():
    done = report("apply", samples.SMALL, outcomes=[Outcome(target="api", written=1)])
    assert (done.exit_code, done.verdict, done.findings) == (0, Verdict.CLEAN, ())


def test_what_apply_left_undone_is_told():
    outcome = Outcome(
        target="api", written=1, failed=1, exit_code=3, undone=(ADDRESS,), message="read-only"
    )
    done = report("apply", samples.SMALL, outcomes=[outcome])
    assert (done.exit_code, done.verdict) == (3, Verdict.FAILED)
    assert [f.rule for f in done.findings] == ["drift/drifted", "apply/failed"]
    assert "api: read-only" in done.findings[1].message


def test_a_target_that_failed_as_a_whole_leaves_everything_undone():
    done = report("apply", samples.SMALL, outcomes=[Outcome(target="api", failed=1, exit_code=3)])
    assert ADDRESS in done.told()


def test_a_target_that_was_never_reached_leaves_everything_undone():
    assert report("apply", samples.SMALL, outcomes=[]).exit_code == 1


def test_apply_still_ends_with_a_conflict_it_could_not_decide():
    done = report("apply", one(Status.CONFLICT), outcomes=[Outcome(target="api")])
    assert (done.exit_code, done.verdict) == (4, Verdict.CONFLICT)


def test_an_interruption_outranks_a_failure():
    outcomes = [
        Outcome(target="api", exit_code=130, failed=1),
        Outcome(target="web", exit_code=3, failed=1),
    ]
    done = report("apply", samples.SMALL, outcomes=outcomes)
    assert (done.exit_code, done.verdict) == (130, Verdict.INTERRUPTED)


def test_drift_after_a_fix_tells_the_fresh_plan_and_what_failed():
    outcomes = [Outcome(target="api", written=2)]
    assert report("drift", samples.CLEAN, outcomes=outcomes).exit_code == 0
    assert report("drift", samples.SMALL, outcomes=outcomes).exit_code == 1


# -- properties ----------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(RANK)), st.randoms())
def test_worst_is_the_same_in_any_order(codes, random):
    shuffled = list(codes)
    random.shuffle(shuffled)
    assert worst(codes) == worst(shuffled) == (max(codes, key=RANK.index) if codes else 0)


@given(st.lists(st.sampled_from(RANK)), st.sampled_from(RANK))
def test_one_more_code_never_makes_it_better(codes, more):
    assert RANK.index(worst([*codes, more])) >= RANK.index(worst(codes))


def test_an_unknown_code_is_our_bug():
    assert worst([1, 99]) == 70


commands = st.sampled_from(["plan", "drift", "apply", "validate"])


@settings(max_examples=25, deadline=None)
@given(commands, some.plans, st.lists(some.outcomes, max_size=2), some.findings, st.booleans())
def test_the_exit_code_of_a_report_is_monotone_and_blind_to_order(
    command, plan, outcomes, extra, check
):
    def code(plan, outcomes, extra):
        return report(command, plan, check=check, outcomes=outcomes, extra=extra).exit_code

    backwards = replace(
        plan,
        targets=tuple(
            replace(t, changes=t.changes[::-1], findings=t.findings[::-1])
            for t in plan.targets[::-1]
        ),
        findings=plan.findings[::-1],
    )
    first = code(plan, outcomes, [])
    assert first == code(backwards, outcomes[::-1], [])
    assert RANK.index(code(plan, outcomes, [extra])) >= RANK.index(first)
