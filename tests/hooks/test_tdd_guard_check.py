"""Cases of hooks_shared/families/testing/tdd_guard_check.py."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

import pytest

from hooks_shared.families.testing import tdd_guard_check
from hooks_shared.tdd import change, files
from hubctl.system.hooks_package import registry
from tests.hooks.file_case import Account, label, put, rows, said

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hooks.hook_case import Case
    from tests.hooks.world import World

NAME = "tdd-guard-check"
OPTIONS = ("strictness", "tests", "exempt", "results")
PROJECT = {
    "tests/test_app.py": "from app import greet\n\n\ndef test_greet():\n    assert greet()\n",
    "tests/test_other.py": "def test_x():\n    pass\n",
    "web/cart.test.ts": "it('adds', () => { total() })\n",
    "web/other.test.ts": "it('x', () => {})\n",
}


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    made = Account(tmp_path.resolve())
    made.enter(monkeypatch)
    for name, text in PROJECT.items():
        put(made.repo / name, text)
    age(made.repo, 86_400)
    return made


def age(path: Path, seconds: float) -> None:
    """Make a file, or all below a folder, this old."""
    then = time.time() - seconds
    for one in [path] if path.is_file() else path.rglob("*"):
        if one.is_file() and not one.is_symlink():
            os.utime(one, (then, then))


def ran(account: Account, failed: list[str], *, seconds: float = 60, text: str = "") -> None:
    """What pytest leaves behind."""
    cache = account.repo / ".pytest_cache/v/cache"
    put(cache / "lastfailed", text or json.dumps(dict.fromkeys(failed, True)))
    put(cache / "nodeids", "[]")
    age(cache, seconds)


def prepared(account: Account, row: dict[str, Any]) -> None:
    if "pytest" in row:
        given = row["pytest"]
        ran(account, given["failed"], seconds=given.get("age", 60), text=given.get("text", ""))
    if "vitest" in row:
        results = [
            [f":{path}", {"duration": 1, "failed": red}] for path, red in row["vitest"].items()
        ]
        path = account.repo / "node_modules/.vite/vitest/da39a3/results.json"
        put(path, json.dumps({"version": "3.0.0", "results": results}))
    if "report" in row:
        put(account.repo / row["report"]["name"], row["report"]["text"])
    for path in row.get("newer", ()):
        os.utime(account.repo / path)


def hook(account: Account, **options: Any) -> Case:
    case = account.hook(NAME, **options)
    case.time = time.time()
    return case


@pytest.mark.parametrize("row", rows(NAME), ids=label)
def test_rows(account: Account, row: dict[str, Any]) -> None:
    prepared(account, row)
    options = {key: row[key] for key in OPTIONS if key in row}
    event = account.event(row) | {"unknown_field": None}
    decision, reason = said(hook(account, **options).decide(event))
    assert decision == row["verdict"], reason
    assert row["says"] in reason
    if decision:
        for words in ("Write a failing test first", "`tdd off`", "HUBCTL_HOOKS_OFF", "exempt"):
            assert words in reason


# -- a session -------------------------------------------------------------------------------------

ADD = {
    "tool": "Edit",
    "path": "{repo}/src/app.py",
    "old_string": "    return 'hello'\n",
    "new_string": "    if late():\n        return 'bye'\n    return 'hello'\n",
}
NEW_TEST = {
    "tool": "Edit",
    "path": "{repo}/tests/test_app.py",
    "old_string": "    assert greet()\n",
    "new_string": "    assert greet()\n\n\ndef test_bye():\n    assert app.greet() == 'bye'\n",
}


def test_red_green_refactor(account: Account) -> None:
    case = hook(account)
    add = account.event(ADD)
    ran(account, [])
    assert said(case.decide(add))[0] == "deny"
    assert case.decide(account.event(NEW_TEST)) is None  # the test is written first
    assert case.decide(add) is None
    put(account.repo / "tests/test_app.py", PROJECT["tests/test_app.py"] + "def test_bye(): ...\n")
    ran(account, ["tests/test_app.py::test_bye"], seconds=-10)  # it is seen to fail
    assert case.decide(add) is None
    put(account.repo / "src/app.py", "def greet():\n    return 'bye'\n")
    ran(account, [], seconds=-20)  # it passes
    further = {**ADD, "old_string": "    return 'bye'\n"}
    assert said(case.decide(account.event(further)))[0] == "deny"
    renamed = {**further, "new_string": "    word = 'bye'\n    return word\n"}
    assert case.decide(account.event(renamed)) is None


def test_a_new_test_counts_in_its_own_session_only(account: Account) -> None:
    case = hook(account)
    ran(account, [])
    case.decide(account.event(NEW_TEST))
    assert said(case.decide(account.event(ADD) | {"session_id": "t"}))[0] == "deny"
    assert case.decide(account.event(ADD)) is None


@pytest.mark.parametrize(
    "new", ["    assert greet()\n", "    assert greet()  # it\n", "    pass\n"], ids=str
)
def test_an_edit_of_a_test_that_adds_nothing_is_no_new_test(account: Account, new: str) -> None:
    case = hook(account)
    ran(account, [])
    case.decide(account.event({**NEW_TEST, "new_string": new}))
    assert said(case.decide(account.event(ADD)))[0] == "deny"


def test_a_person_pauses_it_and_goes_on(account: Account) -> None:
    case = hook(account)
    add = account.event(ADD)

    def prompt(text: str) -> str:
        event = {"hook_event_name": "UserPromptSubmit", "session_id": "s", "prompt": text}
        verdict = case.decide(event)
        return verdict.message if verdict else ""

    assert prompt("please do tdd off this one") == ""
    assert said(case.decide(add))[0] == "deny"
    assert "paused" in prompt(" TDD  off. ")
    assert case.decide(add) is None
    assert said(case.decide(add | {"session_id": "t"}))[0] == "deny"
    assert "on again" in prompt("tdd on")
    assert said(case.decide(add))[0] == "deny"


def test_a_worktree_has_results_of_its_own(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.enter(monkeypatch, account.tree)
    put(account.tree / "src/app.py", "def greet():\n    return 'hello'\n")
    add = account.event({**ADD, "path": "{tree}/src/app.py"})
    ran(account, ["tests/test_app.py::test_greet"])
    assert said(hook(account).decide(add))[0] == "deny"
    put(account.tree / "tests/test_app.py", "def test_greet(): ...\n")
    cache = account.tree / ".pytest_cache/v/cache"
    put(cache / "lastfailed", '{"tests/test_app.py::test_greet": true}')
    assert hook(account).decide(add) is None


def test_the_worst_of_several_files_counts(account: Account) -> None:
    command = "sed -i s/a/b/ src/app.py; printf 'def f():\\n    return 1\\n' > src/new.py"
    assert said(hook(account).decide(account.event({"command": command})))[0] == "deny"


def test_without_a_state_folder_results_still_count(account: Account) -> None:
    case = hook(account)
    put(account.home / "x", "")
    case.state = case.own = str(account.home / "x")
    assert said(case.decide(account.event(ADD)))[0] == "deny"
    ran(account, ["tests/test_app.py::test_greet"])
    assert case.decide(account.event(ADD)) is None


# -- our own reporter ------------------------------------------------------------------------------

PRINTED = [
    ("pytest -q", "FAILED tests/test_app.py::test_greet - assert 0\n1 failed in 0.01s", "red"),
    ("python -m pytest", "== 3 passed in 0.1s ==", "green"),
    ("cd x && pytest | tail -3", "\x1b[31m=== 1 failed, 2 passed in 1s ===\x1b[0m", "red"),
    ("pytest", "no tests ran in 0.01s", ""),
    ("uv run pytest", "2 passed, 1 skipped", "green"),
    ("make test", "ERROR tests/test_app.py - ImportError", "red"),
    ("cat pytest.ini", "3 passed", ""),
    ("echo test", "1 failed", ""),
    ("npx vitest run", " Tests  2 passed (2)", ""),
    ("pytest", None, ""),
]


@pytest.mark.parametrize(("command", "printed", "outcome"), PRINTED, ids=str)
def test_what_a_test_command_printed(
    account: Account, command: str, printed: str | None, outcome: str
) -> None:
    case = hook(account)
    event = account.event({"command": command, "event": "PostToolUse"})
    response = {"stdout": printed, "stderr": ""} if printed is not None else None
    assert case.decide(event | {"tool_response": response}) is None
    decision, reason = said(case.decide(account.event(ADD)))
    assert decision == ("" if outcome == "red" else "deny")
    if outcome != "red":
        known = "No run of tests is known" not in reason
        assert known == (outcome == "green")


RED_OF = [
    ("go test ./...", "--- FAIL: TestTotal (0.00s)\nFAIL\tm/pkg/cart\t0.1s", "pkg/cart/cart.go"),
    ("cargo test", "test cart::tests::adds ... FAILED\n", "src/cart.rs"),
    ("npm test", "FAIL  web/cart.test.ts > adds", "web/cart.ts"),
    ("npx jest", "Tests:       1 failed, 2 passed, 3 total", "web/cart.ts"),
]


@pytest.mark.parametrize(("command", "printed", "path"), RED_OF, ids=str)
def test_a_failing_command_of_any_runner(
    account: Account, command: str, printed: str, path: str
) -> None:
    code = {
        "tool": "Write",
        "path": "{repo}/" + path,
        "content": "pub fn f() { g() }\nreturn g()\n",
    }
    case = hook(account)
    assert said(case.decide(account.event(code)))[0] == "deny"
    event = account.event({"command": command, "event": "PostToolUseFailure"})
    assert case.decide(event | {"error": f"Exit code 1\n{printed}"}) is None
    assert case.decide(account.event(code)) is None


def test_the_newer_of_file_and_reporter_counts(account: Account) -> None:
    case = hook(account)
    ran(account, ["tests/test_app.py::test_greet"], seconds=600)
    event = account.event({"command": "pytest", "event": "PostToolUse"})
    case.decide(event | {"tool_response": {"stdout": "3 passed in 1s"}})
    assert said(case.decide(account.event(ADD)))[0] == "deny"


# -- its rules -------------------------------------------------------------------------------------

SURFACES = [
    ("a.py", "def a(x):\n    return x\n", "def a(y):\n    return y\n", False),
    ("a.py", "def a(x):\n    return x\n", "def a(\n    x,\n):\n    return 2 * x\n", True),
    ("a.py", "class A:\n    def b(self): ...\n", "class A:\n    def c(self): ...\n", False),
    ("a.py", "def a():\n    return 1\n", "def a():\n    def b(): return 1\n    return b()\n", True),
    ("a.py", "def a(): ...\nX = 1\n", "def a(): ...\nX = 2\n", True),
    ("a.py", "def a(): ...\n", "def a(): ...\nclass B: ...\n", False),
    ("a.ts", "export const a = 1\n", "export const a = 2\n", True),
    ("a.ts", "export const f = (x) => x\n", "export const f = (x, y) => x\n", False),
    ("a.ts", "class A {\n  b() {\n  }\n}\n", "class A {\n  c() {\n  }\n}\n", False),
    ("a.ts", "f()\n", "if (x) {\n  f()\n}\n", False),
    ("a.ts", "f(a)\n", "f(a && b)\n", False),
    ("a.go", "func a() {}\n", "func b() {}\n", True),
    ("a.go", "func A() {}\n", "func B() {}\n", False),
    ("a.go", "func (t *T) A() {}\n", "func (t *T) A(x int) {}\n", False),
    ("a.rs", "fn a() {}\n", "fn b() {}\n", True),
    ("a.rs", "pub fn a() {}\n", "pub fn a(x: u8) {}\n", False),
    ("a.rs", "pub fn a() { b() }\n", "pub fn a() { c() }\n", True),
]


@pytest.mark.parametrize(("path", "before", "after", "kept"), SURFACES, ids=str)
def test_what_counts_as_refactoring(path: str, before: str, after: str, kept: bool) -> None:
    assert change.keeps_behaviour(before, after, files.language_of(path)) == kept


SUGGESTED = [
    ("src/app.py", (), "tests/test_app.py"),
    ("src/shop/cart.py", (), "tests/test_cart.py"),
    ("src/shop/cart.py", ("tests/shop/x",), "tests/shop/test_cart.py"),
    ("shop/cart.py", ("shop/tests/x",), "shop/tests/test_cart.py"),
    ("web/a.tsx", (), "web/a.test.tsx"),
    ("web/a.tsx", ("web/__tests__/x",), "web/__tests__/a.test.tsx"),
    ("web/a.tsx", ("web/a.spec.ts",), "web/a.spec.ts"),
    ("pkg/a.go", (), "pkg/a_test.go"),
]


@pytest.mark.parametrize(("path", "there", "wanted"), SUGGESTED, ids=str)
def test_where_to_write_the_test(
    tmp_path: Path, path: str, there: tuple[str, ...], wanted: str
) -> None:
    for name in there:
        put(tmp_path / name, "")
    assert files.suggested_test(str(tmp_path), path) == wanted


def test_it_answers_as_a_process(world: World) -> None:
    row = registry.find(NAME)
    assert row is not None
    world.enable(NAME, "PreToolUse", module=row.module, tools=list(row.tools), options=row.options)
    given = {"file_path": f"{world.repo}/app.py", "content": "def f():\n    return 1\n"}
    event = {"session_id": "s", "cwd": str(world.repo), "tool_name": "Write", "tool_input": given}
    answer = world.run("PreToolUse", json.dumps(event))
    assert (answer.code, answer.specific["permissionDecision"]) == (2, "deny")
    put(world.repo / "test_app.py", "def test_f(): ...\n")
    put(world.repo / ".pytest_cache/v/cache/lastfailed", '{"test_app.py::test_f": true}')
    assert world.run("PreToolUse", json.dumps(event)).stdout == ""


def test_the_endings_it_looks_at_are_those_whose_tests_it_can_read() -> None:
    named = [ending for ending in tdd_guard_check.CODE if files.language_of(f"a/b{ending}")]
    assert named == list(tdd_guard_check.CODE)
    assert {files.language_of(f"a{ending}") for ending in named} == set(change.LANGUAGES)
    assert files.language_of("a.java") == files.language_of("Makefile") == ""
