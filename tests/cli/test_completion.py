"""Completion: a script for each shell, and what the shells then ask for."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from hubctl.cli.completion import SHELLS


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_for_each_shell(account, tmp_path, shell):
    script = account.ok("completion", shell).out
    assert "_HUBCTL_COMPLETE" in script
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    file = tmp_path / "script"
    file.write_text(script)
    done = subprocess.run([program, "-n", str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_another_shell_is_refused(account):
    assert account.run("completion", "tcsh").code == 2


# typed words, the last one unfinished → what is offered
OFFERED = [
    ("dr", {"drift"}),
    ("repos re", {"remove"}),
    ("plan ", {"api", "web"}),
    ("plan a", {"api"}),
    ("drift --fo", {"--format"}),
    ("drift --format sa", {"sarif"}),
    ("usage mo", {"month", "model"}),
    ("metrics query to", {"tools"}),
    ("metrics export claude_to", {"claude_tool_usage"}),
]


@pytest.mark.parametrize(("typed", "offered"), OFFERED)
def test_commands_options_and_targets_are_offered(api, typed, offered):
    api.canonical(api.read("hub/canonical.yaml") + b"  web: {path: ~/src/web}\n")
    words = ["hubctl", *typed.split(" ")]
    asked = {
        "_HUBCTL_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    ran = api.process(env=asked)
    assert {line.partition(",")[2] for line in ran.out.splitlines()} == offered
    assert ran.err == ""


def test_a_broken_hub_offers_no_targets_and_says_nothing(api):
    api.canonical("repositories: [\n")
    asked = {
        "_HUBCTL_COMPLETE": "bash_complete",
        "COMP_WORDS": "hubctl plan a",
        "COMP_CWORD": "2",
    }
    ran = api.process(env=asked)
    assert (ran.out.strip(), ran.err) == ("", "")
