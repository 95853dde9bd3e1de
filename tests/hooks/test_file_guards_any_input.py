"""protected-paths, config-guard, tdd-guard-check: whatever the client sends, they answer sense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hooks.file_case import Account

if TYPE_CHECKING:
    from collections.abc import Iterator

HOOKS = ("protected-paths", "config-guard", "tdd-guard-check")
EVENTS = ("PreToolUse", "PostToolUse", "PostToolUseFailure", "ConfigChange", "DirectoryAdded")
TOOLS = ("Write", "Edit", "MultiEdit", "NotebookEdit", "Bash", "Read", "")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
TEXT = st.text(st.characters(), max_size=60)
PIECES = st.lists(
    st.sampled_from(
        [">", ">>", ".env", "$X", "'", '"', "\\", "$(", ")", "`", "<<E\n", "E\n", ";", "|", "tee",
         "sed -i", "mv", "cp", "*", "../", "/", "~", "x.py", "{", "}", "&&", "\n", "dd of=", "\0"]
    ),
    max_size=12,
).map(" ".join)  # fmt: skip
FIELDS = ("file_path", "notebook_path", "content", "old_string", "new_string", "edits", "command")


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    made = Account(tmp_path_factory.mktemp("any").resolve())
    with pytest.MonkeyPatch.context() as patch:
        made.enter(patch)
        yield made


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    event=st.sampled_from(EVENTS),
    tool=st.sampled_from(TOOLS),
    fields=st.dictionaries(st.sampled_from(FIELDS), ANYTHING | TEXT | PIECES, max_size=5),
    more=st.dictionaries(
        st.sampled_from(
            ["file_path", "source", "tool_response", "directory", "duration_ms", "cwd"]
        ),
        ANYTHING,
        max_size=3,
    ),
)
def test_any_input_is_answered(
    account: Account, event: str, tool: str, fields: dict[str, Any], more: dict[str, Any]
) -> None:
    data = {"hook_event_name": event, "tool_name": tool, "session_id": "s", "tool_input": fields}
    for name in HOOKS:
        account.hook(name).decide({**data, "cwd": str(account.repo), **more})


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(command=PIECES)
def test_any_command_is_answered(account: Account, command: str) -> None:
    event = account.event({"command": command})
    for name in HOOKS:
        account.hook(name).decide(event)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(options=st.dictionaries(st.sampled_from(
    ["families", "exceptions", "directories", "policy", "guarded", "strictness", "tests", "exempt",
     "results", "green_minutes"]), ANYTHING))  # fmt: skip
def test_options_of_another_form_are_no_options(account: Account, options: dict[str, Any]) -> None:
    event = account.event({"tool": "Write", "path": "{repo}/.env", "content": "x"})
    for name in HOOKS:
        account.hook(name, **options).decide(event)
    code = account.event({"tool": "Write", "path": "{repo}/src/new.py", "content": "x = f()\n"})
    account.hook("tdd-guard-check", **options).decide(code)
