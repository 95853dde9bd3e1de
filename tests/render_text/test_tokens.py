from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.model.frontmatter import split_markdown, text_field
from hubctl.model.tokens import LISTING_LIMIT, Loaded, cost_of, count_tokens, memory_text


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("a", 1),
        ("abcd", 1),
        ("abcde", 2),
        ("a" * 400, 100),
        ("a" + " " * 400 + "b", 1),
        ("a\n\n\n\n\nb", 1),
        ("漢字仮名", 4),
        ("안녕", 2),
        ("éé", 1),
        ("Привет", 3),
        ("🚀", 2),
    ],
)
def test_the_estimate(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


@settings(max_examples=100)
@given(st.text(max_size=60), st.text(max_size=60))
def test_text_never_gets_cheaper_by_growing(one: str, two: str) -> None:
    both = count_tokens(one + two)
    assert max(count_tokens(one), count_tokens(two)) <= both
    assert both <= count_tokens(one) + count_tokens(two)
    assert (count_tokens(one) == 0) == (one == "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n<!-- x -->\nb\n", "a\nb\n"),
        ("a\n<!-- x\ny -->\nb\n", "a\nb\n"),
        ("<!-- x --> rest\n", "rest\n"),
        ("a <!-- inline -->\n", "a <!-- inline -->\n"),
        ("```\n<!-- x -->\n```\n", "```\n<!-- x -->\n```\n"),
        ("~~~\n```\n<!-- x -->\n~~~\n<!-- y -->z\n", "~~~\n```\n<!-- x -->\n~~~\nz\n"),
        ("<!-- open\nb\n", ""),
    ],
)
def test_block_comments_cost_nothing(text: str, expected: str) -> None:
    assert memory_text(text) == expected


BODY = "b" * 400
FRONT = "---\nname: one\ndescription: dddd\n---\n"


@pytest.mark.parametrize(
    ("path", "text", "start", "invoked", "loaded"),
    [
        ("CLAUDE.md", f"<!-- m -->{BODY}", 100, 0, Loaded.PROJECT),
        ("CLAUDE.local.md", BODY, 100, 0, Loaded.PROJECT),
        (".claude/CLAUDE.md", BODY, 100, 0, Loaded.PROJECT),
        ("sub/CLAUDE.md", BODY, 0, 100, Loaded.NEARBY),
        ("AGENTS.md", BODY, 100, 0, Loaded.NO_CLAUDE_MD),
        (".claude/rules/a/b.md", BODY, 100, 0, Loaded.PROJECT),
        (".claude/rules/a.md", f"---\npaths: src/**\n---\n{BODY}", 0, 100, Loaded.MATCHED),
        (".claude/rules/a.md", f"---\nother: x\n---\n{BODY}", 100, 0, Loaded.PROJECT),
        (".claude/rules/a.txt", BODY, 0, 0, Loaded.NEVER),
        (".claude/skills/one/SKILL.md", FRONT + BODY, 1, 100, Loaded.INVOKED),
        (".claude/skills/one/SKILL.md", f"First\n\n{BODY}", 2, 102, Loaded.INVOKED),
        (".claude/skills/one/more.md", BODY, 0, 100, Loaded.READ),
        (
            ".claude/skills/one/SKILL.md",
            f"---\ndescription: {'x' * 9000}\n---\n{BODY}",
            LISTING_LIMIT // 4,
            100,
            Loaded.INVOKED,
        ),
        (
            ".claude/commands/a/b.md",
            f"---\ndescription: x\ndisable-model-invocation: true\n---\n{BODY}",
            0,
            100,
            Loaded.INVOKED,
        ),
        (".claude/commands/a.md", FRONT + BODY, 1, 100, Loaded.INVOKED),
        (".claude/agents/a.md", FRONT + BODY, 3, 100, Loaded.SUBAGENT),
        (".claude/agents/a.md", BODY, 0, 0, Loaded.NEVER),
        (".claude/output-styles/a.md", FRONT + BODY, 0, 100, Loaded.CHOSEN),
        (".claude/projects/x/memory/MEMORY.md", "line\n" * 900, 250, 0, Loaded.PROJECT),
        ("canonical.yaml", BODY, 0, 0, Loaded.NEVER),
        (".claude/settings.json", BODY, 0, 0, Loaded.NEVER),
        (".mcp.json", BODY, 0, 0, Loaded.NEVER),
        ("README.md", BODY, 0, 0, Loaded.NEVER),
    ],
)
def test_what_a_file_costs_and_when(
    path: str, text: str, start: int, invoked: int, loaded: Loaded
) -> None:
    cost = cost_of(path, text)
    assert (cost.start, cost.invoked, cost.loaded) == (start, invoked, loaded)


@pytest.mark.parametrize("path", [".claude/CLAUDE.md", ".claude/rules/a.md"])
def test_instructions_of_the_host_are_always_loaded(path: str) -> None:
    assert cost_of(path, BODY, host=True).loaded is Loaded.ALWAYS


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("description: one two", "one two"),
        ('description: "one: two"', "one: two"),
        ("description: >-\n  one\n  two\nname: x", "one two"),
        ("description: |\n  one\n\n  two", "one two"),
        ("description: one\n  two\nname: x", "one two"),
        ("description:\n  one", "one"),
        ("other: x\n  description: y", ""),
        ("description-x: y", ""),
        ("", ""),
    ],
)
def test_plain_fields(front: str, expected: str) -> None:
    assert text_field(front, "description") == expected


@settings(max_examples=100)
@given(st.lists(st.sampled_from(["---", "--- ", "----", "a: b", "", "x"]), max_size=8))
def test_the_two_parts_are_the_whole(lines: list[str]) -> None:
    text = "\n".join(lines)
    parts = split_markdown(text)
    assert parts.head + parts.body == text
    assert (parts.front is None) == (parts.head == "")
