from __future__ import annotations

import io
from dataclasses import replace

import pytest
from ruamel.yaml import YAML

from hubctl.model.item import Handler
from hubctl.model.state import Scope
from hubctl.render import ci, pre_commit

from .subjects import subject, text_of


def test_the_workflow_asks_for_little_and_says_where_it_comes_from() -> None:
    (item,) = ci.render(subject({"ci": "github"}))
    assert (str(item.address), item.scope) == (
        "api:.github/workflows/hubctl-drift.yml",
        Scope.COMMITTED,
    )
    text = text_of(item)
    assert text.startswith("# hubctl: from canonical.yaml; edit there, then run hubctl apply\n")
    workflow = YAML(typ="safe", pure=True).load(io.StringIO(text))
    assert workflow["permissions"] == {"contents": "read"}
    assert set(workflow["on"]) == {"push", "pull_request"}
    job = workflow["jobs"]["drift"]
    assert job["timeout-minutes"] <= 10
    assert job["steps"][0]["with"] == {"persist-credentials": False}
    assert job["steps"][-2] == {"run": "python -m pip install 'hubctl==1.0'"}
    assert job["steps"][-1] == {"run": "hubctl drift --path . --format github"}
    assert "${{ secrets" not in text


def test_the_gitlab_job_keeps_its_report_and_fails_by_the_last_line() -> None:
    (item,) = ci.render(subject({"ci": "gitlab"}))
    assert (str(item.address), item.scope) == ("api:.gitlab/hubctl-drift.yml", Scope.COMMITTED)
    text = text_of(item)
    assert text.startswith("# hubctl: from canonical.yaml; edit there, then run hubctl apply\n")
    (job,) = YAML(typ="safe", pure=True).load(io.StringIO(text)).values()
    assert job["script"][0] == "python -m pip install --quiet 'hubctl==1.0'"
    assert job["script"][-1] == "hubctl drift --path ."
    assert job["artifacts"]["reports"] == {"junit": "hubctl-drift.xml"}
    assert (job["artifacts"]["when"], job["needs"]) == ("always", [])


@pytest.mark.parametrize(
    "spec", [{}, {"ci": ""}, {"ci": "other"}, {"ci": None}, {"ci": "github", "commit": False}]
)
def test_no_workflow(spec: dict[str, object]) -> None:
    assert ci.render(subject(spec)) == ()


def test_no_workflow_installs_what_canonical_does_not_name() -> None:
    unnamed = replace(subject({"ci": "github"}), document={})
    assert ci.render(unnamed) == ()


def test_the_pre_commit_entry_runs_the_drift_check_once() -> None:
    (item,) = pre_commit.render(subject({"pre_commit": True}))
    assert str(item.address) == "api:.pre-commit-config.yaml#hook:pre-commit/hubctl-drift"
    assert isinstance(item.value, Handler)
    assert (item.value.matcher, item.scope) == ("", Scope.COMMITTED)
    assert item.value.entry == {
        "repo": "local",
        "hooks": [
            {
                "id": "hubctl-drift",
                "name": "hubctl drift",
                "entry": "hubctl drift --path .",
                "language": "system",
                "pass_filenames": False,
                "always_run": True,
            }
        ],
    }


@pytest.mark.parametrize("spec", [{}, {"pre_commit": False}, {"pre_commit": True, "commit": False}])
def test_no_pre_commit_entry(spec: dict[str, object]) -> None:
    assert pre_commit.render(subject(spec)) == ()
