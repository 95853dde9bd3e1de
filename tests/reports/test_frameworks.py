"""SPACE and DORA: definitions and sources in the page, deliveries by hand, what has none."""

from __future__ import annotations

import pytest

from hubctl.metrics.store import open_store
from hubctl.reports.document import NO_SOURCE
from hubctl.reports.pages.html import html
from hubctl.reports.pages.markdown import markdown
from hubctl.reports.sections.collaboration import Collaboration
from hubctl.reports.sections.dora import deliveries
from tests.reports.test_reports import MARCH, ROOT, figures, report
from tests.support.measures import at, put


@pytest.mark.parametrize("kind", ["space", "dora"])
def test_definitions_of_a_framework_are_not_folded_away(full, kind):
    document = report(full, kind)
    page, text = html(document), markdown(document)
    assert "<details" not in page + text
    for figure in figures(document).values():
        assert figure.definition and figure.definition.split("`")[0] in page.replace("&#x27;", "'")
        assert figure.source or figure.state == NO_SOURCE
    assert ("ACM Queue" if kind == "space" else "dora.dev") in page


def test_dora_has_the_names_of_today(path):
    titles = [figure.title for figure in figures(report(path, "dora")).values()]
    assert titles == [
        "Change lead time",
        "Deployment frequency",
        "Failed deployment recovery time",
        "Change fail rate",
        "Deployment rework rate",
    ]


def event(moment, kind, **more):
    base = {"time": at(moment), "source": "git", "kind": kind, "project": ROOT}
    return base | more


def test_deliveries_by_hand(path):
    rows = [
        event("2026-03-02 09:00", "deployment", value=3600.0),
        event("2026-03-03 09:00", "deployment", value=7200.0),
        event("2026-03-03 10:00", "dora.restore", source="spool"),
        event("2026-03-03 11:00", "dora.restore", source="spool"),
        event("2026-03-04 09:00", "deployment", value=10800.0),
        # git tells of this project: what the hook saw of the same is left out
        event("2026-03-04 09:01", "dora.deployment", source="spool"),
        event("2026-03-05 09:00", "dora.deployment", source="spool", project="/p"),
        event("2026-03-05 09:00", "dora.restore", source="spool", project="/q"),
    ]
    put(path, "claude_events", rows)
    with open_store(path) as store:
        found = {one.project: one for one in deliveries(store, MARCH)}
    api = found[ROOT]
    assert (len(api.deployments), api.failed, api.restores) == (3, 1, (3600.0,))
    assert [len(found[name].deployments) for name in ("/p", "/q")] == [1, 0]
    four = figures(report(path, "dora", last="2026-03-31"))
    assert four["change_lead_time"].value == 7200.0
    assert four["change_fail_rate"].value == pytest.approx(25)
    assert four["deployment_frequency"].value == pytest.approx(4 / (30 / 7))
    assert four["recovery_time"].text == "1 h 00 min"
    assert four["rework_rate"].value == 0  # what the hook saw was no deployment


def test_what_git_says_of_a_restore_counts_once(path):
    rows = [
        event("2026-03-01 08:00", "restore", value=60.0),  # of a deployment in February
        event("2026-03-01 08:01", "deployment", value=1.0),
        event("2026-03-02 08:00", "dora.restore", source="spool"),
        event("2026-03-02 09:00", "restore", value=1800.0),  # the same failure
        event("2026-03-02 09:01", "deployment", value=1.0),
        event("2026-03-03 09:00", "restore", value=7200.0),
    ]
    put(path, "claude_events", rows)
    with open_store(path) as store:
        [one] = deliveries(store, MARCH)
    day = 23 * 3600.0 + 59 * 60
    assert (len(one.deployments), one.failed, one.restores) == (2, 2, (60.0, day, 7200.0))


def test_what_has_no_source_is_said(path):
    found = figures(report(path, "space"))
    for name in ("satisfaction", "outcome", "authors", "reviewed", "commits"):
        assert found[name].text == "no source on this machine"


def test_collaboration_is_told_where_it_is_known(path):
    known = Collaboration(
        repositories=2, commits=10, authors=3, merges=1, shared=4, merged=5, reviewed=4, hours=2.0
    )
    found = figures(report(path, "space", collaboration=lambda _: known))
    assert (found["shared"].value, found["reviewed"].value) == (40.0, 80.0)
    assert (found["review_time"].text, found["authors"].value) == ("2 h 00 min", 3)


def test_answers_to_the_survey_are_averaged(path):
    rows = [event(f"2026-03-{day:02} 09:00", "survey", source="survey", value=value)
            for day, value in ((10, 3.0), (11, 4.0), (12, 5.0))]  # fmt: skip
    put(path, "claude_events", rows[:2])
    assert figures(report(path, "space"))["satisfaction"].text == "collecting data (2/3)"
    put(path, "claude_events", rows[2:])
    assert figures(report(path, "space"))["satisfaction"].text == "4 out of 5"


def test_every_figure_of_a_framework_has_a_definition(full):
    for kind in ("space", "dora"):
        for figure in figures(report(full, kind)).values():
            assert figure.definition.endswith("."), figure.id
            assert figure.source or figure.state == NO_SOURCE
