"""Any tree of configuration: adopting changes no byte, the plan is empty, leaving restores all."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.adopt.trees import L, M, S
from tests.support.cli import Account, enter, tree

# No halves of characters here: one row of the table has one.
TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=8)
SCALAR = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | TEXT
)
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
RULES = st.lists(st.sampled_from(["Bash(ls)", "Read(./a)", "Edit", ""]) | VALUE, max_size=4)
ENTRY = st.fixed_dictionaries(
    {"type": st.sampled_from(["command", "prompt", "wasm"]), "command": TEXT},
    optional={"timeout": VALUE, "async": st.booleans(), "prompt": TEXT, "x": VALUE},
)
GROUP = st.fixed_dictionaries(
    {"hooks": st.lists(ENTRY | VALUE, max_size=2)},
    optional={
        "matcher": st.sampled_from(["", "*", "Bash", "Edit|Write", "Ba.*"]) | VALUE,
        "x": VALUE,
    },
)
HOOKS = st.dictionaries(
    st.sampled_from(["PreToolUse", "Stop", "NoSuchEvent", "stop"]),
    st.lists(GROUP | VALUE, max_size=3) | VALUE,
    max_size=3,
)
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "model": st.just("opus") | VALUE,
        "env": st.dictionaries(TEXT, TEXT | VALUE, max_size=3) | VALUE,
        "permissions": st.fixed_dictionaries({}, optional={"allow": RULES, "deny": RULES}) | VALUE,
        "hooks": HOOKS | VALUE,
        "sandbox": VALUE,
    },
)
SERVERS = st.fixed_dictionaries(
    {}, optional={"mcpServers": st.dictionaries(TEXT, VALUE, max_size=3)}
)


@st.composite
def written(draw: st.DrawFn, content: st.SearchStrategy[Any]) -> bytes:
    """A value as JSON in some layout, now and then with extra keys or damage."""
    value = draw(content)
    value |= draw(st.dictionaries(TEXT, VALUE, max_size=2))
    text = json.dumps(
        value, indent=draw(st.sampled_from([None, 1, 2, "\t"])), ensure_ascii=draw(st.booleans())
    )
    data = text.encode("utf-8", "surrogatepass")
    change = draw(st.sampled_from(["", "", "", "crlf", "bom", "cut", "comma", "byte"]))
    if change == "crlf":
        return data.replace(b"\n", b"\r\n")
    if change == "bom":
        return b"\xef\xbb\xbf" + data
    if change == "cut":
        return data[: draw(st.integers(0, len(data)))]
    if change == "comma":
        return data[:-1] + b",}"
    return data[:-1] + b"\xff" + data[-1:] if change == "byte" else data


TREE = st.fixed_dictionaries(
    {}, optional={S: written(SETTINGS), L: written(SETTINGS), M: written(SERVERS)}
)
DEFAULTS = st.fixed_dictionaries(
    {},
    optional={
        "settings": st.fixed_dictionaries({}, optional={"model": st.sampled_from(["opus", "x"])}),
        "permissions": st.fixed_dictionaries(
            {}, optional={"allow": st.lists(st.sampled_from(["Bash(ls)", "Edit"]), unique=True)}
        ),
        "hooks": st.just({"PreToolUse": ["context-monitor"]}),
    },
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees=st.lists(TREE, min_size=1, max_size=3), defaults=DEFAULTS)
def test_any_tree(trees: list[dict[str, bytes]], defaults: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as base, pytest.MonkeyPatch.context() as patch:
        account = Account(base=Path(base))
        enter(account.environment, patch)
        patch.chdir(account.hub)
        account.canonical(json.dumps({"hub": {"name": "acme"}, "defaults": defaults}))
        roots = []
        for number, files in enumerate(trees):
            roots.append(account.home / f"src/r{number}")
            (roots[-1] / ".git").mkdir(parents=True)
            for path, data in files.items():
                account.put(f"src/r{number}/{path}", data)
        before = [tree(root, without=()) for root in roots]
        ran = account.run("adopt", *map(str, roots), "--yes")
        assert ran.code in (0, 1), ran.err
        report = account.report("plan")
        assert [c for t in report["targets"] for c in t["changes"] if c["action"] != "none"] == []
        ran = account.run("apply", "--yes")
        assert ran.code in (0, 3), ran.err  # a file that cannot be read stays one
        account.ok("repos", "remove", "r0", "--restore", "--yes")
        assert [tree(root, without=()) for root in roots] == before
