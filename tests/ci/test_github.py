"""The action and the workflows: sound by the linter, and their steps run as GitHub runs them."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from hubctl.render.ci import WORKFLOWS
from hubctl.scaffold.sources import LANGUAGES
from tests.skills.scripts import SKILLS
from tests.skills.scripts import run as run_script
from tests.support.actionlint import complaints
from tests.support.cli import ROOT, SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.cli import Account

ACTION = (ROOT / "action.yml").read_text()
REUSABLE = (ROOT / ".github/workflows/drift.yml").read_text()
USES = """\
on: push
permissions:
  contents: read
jobs:
  drift:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      - uses: ./
        id: drift
        with:
          as: api
      - run: echo "$CODE"
        env:
          CODE: ${{ steps.drift.outputs.exit-code }} ${{ steps.drift.outputs.sarif }}
"""
CALLS = """\
on: push
jobs:
  drift:
    permissions:
      contents: read
      security-events: write
    uses: ./.github/workflows/drift.yml
    with:
      package: hubctl==1.0
      sarif: true
"""
RENDERED = WORKFLOWS["github"][1].replace("HUBCTL_PACKAGE", "hubctl==1.0")
TEMPLATES = {
    f"template {language}": (
        ROOT / "templates/projects" / language / "project/.github/workflows/ci.yml"
    ).read_text()
    for language in LANGUAGES
}
LINTED = {
    "reusable": (REUSABLE, {}),
    "rendered": (RENDERED, {}),
    "its caller": (CALLS, {".github/workflows/drift.yml": REUSABLE}),
    "the action's user": (USES, {"action.yml": ACTION}),
    **{name: (text, {}) for name, text in TEMPLATES.items()},
}
OURS = {"action": ACTION, "reusable": REUSABLE, "rendered": RENDERED, **TEMPLATES}


@pytest.mark.parametrize("name", LINTED)
def test_actionlint_has_nothing_to_say(tmp_path: Path, name: str) -> None:
    text, beside = LINTED[name]
    assert complaints(tmp_path, text, beside) == []


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        (CALLS.replace("package:", "packag:"), {".github/workflows/drift.yml": REUSABLE}),
        (USES.replace("as: api", "ass: api"), {"action.yml": ACTION}),
        (USES.replace("outputs.sarif", "outputs.serif"), {"action.yml": ACTION}),
    ],
)
def test_actionlint_knows_our_inputs_and_outputs(
    tmp_path: Path, text: str, beside: dict[str, str]
) -> None:
    assert complaints(tmp_path, text, beside)


@pytest.mark.parametrize("name", OURS)
def test_our_own_rules_hold(tmp_path: Path, name: str) -> None:
    (tmp_path / "w.yml").write_text(OURS[name])
    done = run_script("github-workflow/check.py", "w.yml", folder=tmp_path)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_one_version_of_each_action_is_named_everywhere() -> None:
    versions = json.loads((SKILLS / "github-workflow/scripts/actions.json").read_text())
    named = {use for text in OURS.values() for use in re.findall(r"uses: (actions/\S+)", text)}
    assert named == {f"{action}@{version}" for action, version in versions.items()}


def load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def filled(values: dict[str, str], inputs: dict[str, Any], given: dict[str, str]) -> dict[str, str]:
    """An `env:` of a step with its inputs put in."""
    known = {name: str(row.get("default", "")) for name, row in inputs.items()} | given
    return {
        key: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda match: known[match[1]], str(value))
        for key, value in values.items()
    }


class Runner:
    """What GitHub gives to a step."""

    def __init__(self, account: Account, checkout: Path) -> None:
        self.checkout = checkout
        self.temp = account.base / "runner"
        self.output = account.base / "output"
        (self.temp / "hubctl/bin").mkdir(parents=True)
        (self.temp / "hubctl/bin/hubctl").symlink_to(account.home / "bin/hubctl")
        self.env = account.environment | {"HOME": str(account.base / "nobody")}

    def run(self, script: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        self.output.write_text("")
        given = {"RUNNER_TEMP": str(self.temp), "GITHUB_OUTPUT": str(self.output)}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.checkout,
            env=self.env | given | env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def runner(managed: Account, checkout: Path) -> Runner:
    return Runner(managed, checkout)


def compare(runner: Runner, **given: str) -> subprocess.CompletedProcess[str]:
    """The action's last step."""
    action = load(ACTION)
    step = next(step for step in action["runs"]["steps"] if step.get("id") == "drift")
    return runner.run(step["run"], filled(step["env"], action["inputs"], given))


def drift(checkout: Path) -> None:
    settings = checkout / SETTINGS
    settings.write_text(settings.read_text().replace("sonnet", "opus"))


def test_the_action_passes_a_clean_checkout(runner: Runner) -> None:
    done = compare(runner)
    assert (done.returncode, runner.output.read_text()) == (0, "exit-code=0\n")
    assert json.loads((runner.checkout / "hubctl.sarif").read_text())["version"] == "2.1.0"


def test_the_action_annotates_drift_and_fails(runner: Runner) -> None:
    drift(runner.checkout)
    done = compare(runner, sarif="found.sarif")
    assert (done.returncode, runner.output.read_text()) == (1, "exit-code=1\n")
    assert f"file={SETTINGS}" in done.stdout
    found = json.loads((runner.checkout / "found.sarif").read_text())["runs"][0]["results"]
    places = [place for result in found for place in result["locations"]]
    uris = {
        p["physicalLocation"]["artifactLocation"]["uri"] for p in places if "physicalLocation" in p
    }
    assert SETTINGS in uris


def test_the_action_looks_at_the_hub_where_there_is_one(runner: Runner, managed: Account) -> None:
    canonical = managed.hub / "canonical.yaml"
    canonical.write_text(canonical.read_text().replace("model: sonnet", "model: opus"))
    assert compare(runner).returncode == 0
    done = compare(runner, hub=str(managed.hub), **{"as": "api"})
    assert (done.returncode, runner.output.read_text()) == (1, "exit-code=1\n")


def test_what_is_no_checkout_of_ours_is_never_clean(runner: Runner, tmp_path: Path) -> None:
    runner.checkout = tmp_path / "empty"
    runner.checkout.mkdir()
    assert compare(runner).returncode == 1


def test_the_steps_of_the_reusable_workflow_run(runner: Runner) -> None:
    job = load(REUSABLE)["jobs"]["drift"]
    inputs = load(REUSABLE)["on"]["workflow_call"]["inputs"]
    env = filled(job["env"], inputs, {"package": "hubctl==1.0"})
    scripts = {step["name"]: step["run"] for step in job["steps"] if "run" in step}
    sarif, last = scripts["Write SARIF"], scripts["Compare with the lock"]
    assert [runner.run(script, env).returncode for script in (sarif, last)] == [0, 0]
    drift(runner.checkout)
    assert [runner.run(script, env).returncode for script in (sarif, last)] == [0, 1]
    wrong = env | {"CHECKOUT": "nowhere"}
    assert [runner.run(script, wrong).returncode for script in (sarif, last)] == [1, 2]


def test_the_gitlab_job_runs_and_leaves_its_report(runner: Runner) -> None:
    text = (runner.checkout / ".gitlab/hubctl-drift.yml").read_text()
    install, *rest = load(text)["hubctl-drift"]["script"]
    assert install == "python -m pip install --quiet 'hubctl==1.0'"
    script = "\n".join(rest)  # GitLab's runner ends at the first line that fails, as `bash -e` does
    assert runner.run(script, {}).returncode == 0
    drift(runner.checkout)
    assert runner.run(script, {}).returncode == 1
    assert "<failure" in (runner.checkout / "hubctl-drift.xml").read_text()
