"""Cases of hooks_shared/families/delivery/dora_tracker.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.hooks.hook_case import Case

if TYPE_CHECKING:
    from pathlib import Path


def _event(command: object, stdout: str = "") -> dict[str, Any]:
    return {
        "tool_name": "Bash",
        "tool_input": {"command": command},
        "tool_response": {"stdout": stdout, "stderr": ""},
    }


COMMANDS: list[tuple[object, list[str]]] = [
    ("git commit -m 'x'", ["commit"]),
    ("git -C /repo -c user.name=x commit --amend --no-edit", ["commit"]),
    ("cd api && git add -A && git commit -qm x; git push", ["commit"]),
    ("GIT_AUTHOR_DATE=now git commit", ["commit"]),
    ("/usr/bin/git commit", ["commit"]),
    ("sudo -n x git commit", ["commit"]),
    ("(git merge main)", ["commit"]),
    ("git revert HEAD", ["restore"]),
    ("git add .\ngit commit -m 'a'\nkubectl -n prod apply -f x.yaml", ["commit", "deployment"]),
    ("helm upgrade api ./chart --namespace prod", ["deployment"]),
    ("kubectl rollout restart deploy/api", ["deployment"]),
    ("kubectl rollout undo deploy/api", ["restore"]),
    ("terraform --chdir infra apply", ["deployment"]),
    ("git commit -m \"$(cat <<'EOF'\nfix: don't\nkubectl apply\nEOF\n)\"", ["commit"]),
    ("git commit -F - <<EOF\nkubectl apply -f x\nEOF\nhelm rollback api", ["commit", "restore"]),
    ("cat > x <<'A' <<B\ngit commit\nA\ngit commit\nB\ngit commit", ["commit"]),
    ("git commit -m x && echo 'unclosed", ["commit"]),
    ("git status", []),
    ("git log --grep commit", []),
    ("echo git commit", []),
    ("grep -r 'git commit' .", []),
    ("# git commit", []),
    ("git commit --dry-run", []),
    ("kubectl apply --dry-run=client -f x", []),
    ("kubectl get pods", []),
    ("kubectl diff -f apply", []),
    ("terraform plan -out apply", []),
    ("git", []),
    ("gitk commit", []),
    ("echo 'git commit", []),
    ("", []),
    (None, []),
    (["git", "commit"], []),
    ("git commit " + "x" * 20_000, []),
]


@pytest.mark.parametrize(("command", "kinds"), COMMANDS, ids=lambda value: str(value)[:50])
def test_what_was_carried_out_becomes_samples(
    tmp_path: Path, command: object, kinds: list[str]
) -> None:
    case = Case("dora-tracker", tmp_path)
    assert case.decide(_event(command)) is None
    assert [sample["name"] for sample in case.samples] == [f"dora.{kind}" for kind in kinds]


OUTPUTS = [
    ("[main 1a2b3c4] Fix it\n 1 file changed", "1a2b3c4"),
    ("hook says hi\n[feature/x (root-commit) 1a2b3c4d] Start", "1a2b3c4d"),
    ("[detached HEAD 1a2b3c4] x", "1a2b3c4"),
    ("[main nothash] x", None),
    ("[1/3] building", None),
    ("", None),
]


@pytest.mark.parametrize(("stdout", "commit"), OUTPUTS)
def test_a_commit_is_named_where_git_named_it(
    tmp_path: Path, stdout: str, commit: str | None
) -> None:
    case = Case("dora-tracker", tmp_path)
    case.decide(_event("git commit -m x", stdout))
    assert [sample.get("commit") for sample in case.samples] == [commit]


def test_what_counts_as_a_deployment_is_an_option(tmp_path: Path) -> None:
    case = Case("dora-tracker", tmp_path, {"deployments": ["make ship"]})
    case.decide(_event("make -j4 ship"))
    assert case.samples == [{"name": "dora.deployment", "program": "make"}]
    case.decide(_event("kubectl apply -f x"))
    assert case.samples == []


def test_an_event_without_its_fields_is_no_error(tmp_path: Path) -> None:
    case = Case("dora-tracker", tmp_path)
    for event in ({}, {"tool_input": 5}, {"tool_input": {"command": "git commit"}}):
        assert case.decide(dict(event)) is None
