"""A new project is right from its first second, and a refusal leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hubctl.scaffold.sources import LANGUAGES
from tests.support.cli import tree, validate

AWKWARD = 'Says "hello" \\ & <more> */ {{ x }}'


def canonical(account):
    return account.read("hub/canonical.yaml").decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_project_is_committed_managed_and_healthy(account, language):
    ran = account.ok("new", "~/src/my-tool", "--language", language, "--description", AWKWARD)
    root = account.home / "src/my-tool"
    assert "Healthy: " in ran.out
    assert account.git(root, "status", "--porcelain") == ""
    assert account.git(root, "log", "--format=%s %an") == "Start my-tool Ada\n"
    assert account.git(root, "branch", "--show-current") == "main\n"
    assert "  my-tool:\n    path: ~/src/my-tool\n" in canonical(account)
    for name in ("README.md", "LICENSE", ".gitignore", "CLAUDE.md", ".pre-commit-config.yaml"):
        assert (root / name).read_text().strip(), name
    assert (root / ".github/workflows/ci.yml").exists()
    assert "hubctl-drift" in (root / ".pre-commit-config.yaml").read_text()
    assert AWKWARD in (root / "README.md").read_text()
    assert not list(root.rglob("*.jinja")) and not list(root.rglob("*lock.yaml"))
    account.in_sync("my-tool")


def test_profiles_answer_the_questions(account):
    account.ok("new", "~/src/tool", "--profile", "house", "--licence", "ISC")
    root = account.home / "src/tool"
    assert "make check" in (root / "README.md").read_text()
    assert (root / "pyproject.toml").exists()
    assert (root / "LICENSE").read_text().startswith("ISC License")
    assert "test_command" not in canonical(account).partition("repositories:")[2]


def test_the_hub_answers_the_questions_and_options_go_before_it(account):
    answers = "answers: {licence: ISC, holder: Acme Ltd, year: 1999, project_name: x, colour: red}"
    account.canonical(canonical(account).replace("name: acme", f"name: acme\n  {answers}"))
    account.ok("new", "~/src/tool", "--language", "generic")
    text = (account.home / "src/tool/LICENSE").read_text()
    assert text.startswith("ISC License") and "1999 Acme Ltd" in text
    assert (account.home / "src/tool/README.md").read_text().startswith("# tool\n")
    options = ("--licence", "MIT", "-d", "holder=Ada", "--description", "Ours.")
    account.ok("new", "~/src/other", "--language", "generic", *options)
    text = (account.home / "src/other/LICENSE").read_text()
    assert text.startswith("MIT License") and "1999 Ada" in text
    assert "Ours." in (account.home / "src/other/README.md").read_text()


def test_a_project_without_git_and_without_licence(account):
    account.ok("new", "~/src/tool", "--no-git", "--licence", "none")
    root = account.home / "src/tool"
    assert not (root / ".git").exists() and not (root / "LICENSE").exists()
    assert (root / "README.md").exists()


def test_an_empty_folder_is_filled(account):
    (account.home / "src/tool").mkdir(parents=True)
    account.ok("new", "~/src/tool", "--language", "generic")
    assert (account.home / "src/tool/README.md").exists()


def occupied(account):
    account.put("src/tool/mine.txt", "mine\n")
    return ("~/src/tool",), "is not empty"


def a_file(account):
    account.put("src/tool", "mine\n")
    return ("~/src/tool",), "Not a directory"


def a_taken_name(account):
    account.ok("new", "~/src/tool", "--language", "generic")
    return ("~/elsewhere/tool",), "has a repository 'tool' already"


def an_unknown_language(account):
    return ("~/src/tool", "--language", "pyton"), "did you mean python?"


def an_unknown_profile(account):
    return ("~/src/tool", "--profile", "huose"), "no profile `huose`"


def no_name(account):
    return ("~/src/Ünïcödé!", "--name", "No Name"), "cannot be the name"


def a_licence_that_no_template_has(account):
    account.canonical(
        canonical(account).replace("name: acme", "name: acme\n  answers: {licence: X}")
    )
    return ("~/src/tool", "--language", "generic"), "licence"


def no_template(account):
    return ("~/src/tool", "--template", "~/nowhere"), "cannot be used"


def a_broken_template(account):
    account.put("template/copier.yml", "_min_copier_version: '99'\n")
    return ("~/src/tool", "--template", str(account.home / "template")), "cannot be used"


def a_template_with_an_error(account):
    account.put("template/file.jinja", "{{ nothing( }}\n")
    return ("~/src/tool", "--template", str(account.home / "template")), "cannot be used"


def an_untrusted_template(account):
    account.put("template/copier.yml", f"_tasks: ['touch {account.home}/ran']\n")
    return ("~/src/tool", "--template", str(account.home / "template")), "--trust"


def a_wrong_answer(account):
    return ("~/src/tool", "--data", "nonsense"), "KEY=VALUE"


REFUSED = (
    *(occupied, a_file, a_taken_name, an_unknown_language, an_unknown_profile, no_name),
    *(no_template, a_broken_template, a_template_with_an_error, an_untrusted_template),
    *(a_wrong_answer, a_licence_that_no_template_has),
)


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_is_one_sentence_and_changes_nothing(account, case):
    arguments, words = case(account)
    skipped = (".local", ".cache")
    before = tree(account.home, without=skipped)
    ran = account.run("new", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    after = tree(account.home, without=skipped)
    # Folders on the way are made before a template can be asked.
    assert {p: e for p, e in after.items() if e is not None or p in before} == before
    assert not list(account.home.rglob("*.new"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_place(account):
    (account.home / "src").mkdir()
    (account.home / "src").chmod(0o500)
    ran = account.run("new", "~/src/tool", "--language", "generic")
    assert (ran.code, "cannot write" in ran.err) == (3, True)


def test_what_fails_at_the_end_takes_the_folder_back(account, monkeypatch):
    from hubctl.errors import OperationError
    from hubctl.fleet import canonical_edit

    def refuse(*_arguments, **_options):
        raise OperationError("the disk is full")

    monkeypatch.setattr(canonical_edit, "rewrite", refuse)
    ran = account.run("new", "~/src/tool", "--language", "generic")
    assert (ran.code, "the disk is full" in ran.err) == (3, True)
    assert not (account.home / "src/tool").exists()


def test_a_trusted_template_of_ones_own(account):
    account.put(
        "template/copier.yml", f"colour: {{type: str}}\n_tasks: ['touch {account.home}/ran']\n"
    )
    account.put("template/{{ project_name }}.txt.jinja", "{{ colour }}\n")
    template = str(account.home / "template")
    ran = account.run("new", "~/src/tool", "--template", template, "--trust")
    assert (ran.code, "colour" in ran.err) == (2, True)
    options = ("--template", template, "--trust", "-d", "colour=red")
    account.ok("new", "~/src/tool", *options)
    assert (account.home / "src/tool/tool.txt").read_text() == "red\n"
    assert (account.home / "ran").exists()


# -- the templates' own tests ----------------------------------------------------------------------

CARGO = {
    "CARGO_HOME": os.environ.get("CARGO_HOME", str(Path.home() / ".cargo")),
    "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup")),
    "CARGO_NET_OFFLINE": "true",
}
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
MODULES = Path(os.environ.get("HUBCTL_CI_MODULES") or CACHE / "hubctl-ci/modules")
PYTHON = (sys.executable, "-m")
# language → the program it needs, what is run
TOOLS = {
    "generic": ("sh", [["sh", "tests/run.sh"]]),
    "python": (
        sys.executable,
        [
            [*PYTHON, "pytest", "-q", "-p", "no:cacheprovider"],
            [*PYTHON, "ruff", "check", "--no-cache", "."],
            [*PYTHON, "ruff", "format", "--no-cache", "--check", "."],
        ],
    ),
    "go": ("go", [["go", "vet", "./..."], ["gofmt", "-d", "."], ["go", "test", "./..."]]),
    "rust": (
        "cargo",
        [
            ["cargo", "fmt", "--check"],
            ["cargo", "clippy", "-q", "--all-targets", "--", "-D", "warnings"],
            ["cargo", "test", "-q"],
        ],
    ),
    "typescript": ("npm", [["npm", "run", "lint"], ["npm", "run", "build"], ["npm", "test"]]),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tests_and_linters_of_a_new_project_pass_at_once(account, language):
    program, commands = TOOLS[language]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    account.ok("new", "~/src/my-tool", "--language", language, "--description", AWKWARD)
    root = account.home / "src/my-tool"
    if language == "typescript":
        _link_modules(root)
    env = {**account.environment, **CARGO, "GOFLAGS": "-mod=mod", "GOPROXY": "off"}
    env.pop("PYTHONPATH")
    for command in commands:
        done = subprocess.run(
            command, cwd=root, env=env, capture_output=True, text=True, check=False, timeout=110
        )
        if "no such command" in done.stderr or "is not installed" in done.stderr:
            pytest.skip(" ".join(done.stderr.split()))
        assert done.returncode == 0, done.stdout + done.stderr
        if command[0] == "gofmt":
            assert done.stdout == ""


def _link_modules(root):
    """What `.ci/run` installed for the template's package.json, outside the checkout."""
    if not (MODULES / "packages").is_file():
        pytest.skip("`.ci/run prepare` did not install the modules of the template")
    (root / "node_modules").symlink_to(MODULES / "node_modules")


def test_the_documents_have_a_schema(account):
    account.ok("new", "~/src/tool", "--language", "generic")
    found = account.ok("template", "update", "--json").json
    validate(found, "templates")
    assert [(one["name"], one["state"]) for one in found["repositories"]] == [("tool", "current")]
