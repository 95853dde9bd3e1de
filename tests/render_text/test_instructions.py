from __future__ import annotations

from typing import Any

import pytest

from hubctl.model.item import BlockText, FileText
from hubctl.model.state import Scope
from hubctl.model.target import Instructions
from hubctl.render.instructions import render

from .subjects import source, subject, text_of

ORIGIN = "<!-- hubctl: from canonical.yaml; edit there, then run hubctl apply -->"
FACT = {"language": "python"}


@pytest.mark.parametrize(
    ("instructions", "spec", "host", "address", "scope"),
    [
        (Instructions.NONE, {}, False, "api:CLAUDE.md#block:hubctl", "committed"),
        (Instructions.CLAUDE, {}, False, "api:CLAUDE.md#block:hubctl", "committed"),
        (Instructions.CLAUDE_DIR, {}, False, "api:.claude/CLAUDE.md#block:hubctl", "committed"),
        (Instructions.AGENTS_ONLY, {}, False, "api:.claude/rules/hub.md", "committed"),
        (
            Instructions.AGENTS_ONLY,
            {"instructions": {"bridge": "import"}},
            False,
            "api:CLAUDE.md#block:hubctl",
            "committed",
        ),
        (Instructions.NONE, {"commit": False}, False, "api:CLAUDE.local.md#block:hubctl", "local"),
        (
            Instructions.CLAUDE_DIR,
            {"commit": False},
            False,
            "api:CLAUDE.local.md#block:hubctl",
            "local",
        ),
        (
            Instructions.AGENTS_ONLY,
            {"commit": False},
            False,
            "api:.claude/rules/hub.md",
            "local",
        ),
        (
            Instructions.AGENTS_ONLY,
            {"commit": False, "instructions": {"bridge": "import"}},
            False,
            "api:CLAUDE.local.md#block:hubctl",
            "local",
        ),
        (Instructions.AGENTS_ONLY, {}, True, "host:.claude/CLAUDE.md#block:hubctl", "local"),
    ],
)
def test_where_the_instructions_stand(
    instructions: Instructions, spec: dict[str, Any], host: bool, address: str, scope: str
) -> None:
    (item,) = render(subject({**FACT, **spec}, host=host, instructions=instructions))
    assert (str(item.address), item.scope) == (address, Scope(scope))
    bridged = instructions is Instructions.AGENTS_ONLY and not host
    body = "- Language: python\n" if host else "## api\n\n- Language: python\n"
    if "#" in address:
        head = "@AGENTS.md\n\n" if bridged else ""
        assert item.value == BlockText(text=head + body, comment="html")
    else:
        assert item.value == FileText(text=f"{ORIGIN}\n\n{body}")


def test_a_rule_of_the_hub_with_our_name_keeps_it() -> None:
    (item,) = render(
        subject(
            FACT,
            instructions=Instructions.AGENTS_ONLY,
            rules=(source("hub.md", "x\n", folder="rules"),),
        )
    )
    assert str(item.address) == "api:.claude/rules/hubctl.md"


FULL = {
    "name": "api",
    "description": "Orders of the shop,\n  over HTTP.",
    "language": "python",
    "test_command": "uv run pytest tests/ -x",
    "instructions": {
        "conventions": ["Small functions", "No prints,\nuse the logger", "  "],
        "fragments": ["testing", "py*", "testing"],
        "text": "# Deploy\n\nAsk first.  \n\n\n\n## Where\n\nStaging.",
    },
}
FRAGMENTS = (
    source("python.md", "---\nx: 1\n---\n# Python\n\n- Types\n", folder="fragments"),
    source("testing.md", "Testing\n=======\n\n- Prove it\n", folder="fragments"),
    source("unused.md", "# Unused\n", folder="fragments"),
)


def test_the_whole_text() -> None:
    (item,) = render(subject(FULL, fragments=FRAGMENTS))
    assert (
        text_of(item)
        == """## api

Orders of the shop, over HTTP.

- Language: python
- Run the tests with `uv run pytest tests/ -x`

### Conventions

- Small functions
- No prints,
  use the logger

### Testing

- Prove it

### Python

- Types

### Deploy

Ask first.

#### Where

Staging.
"""
    )


def test_the_host_has_no_title_of_its_own() -> None:
    spec = {"instructions": {"conventions": ["Be terse"], "fragments": ["python"]}}
    (item,) = render(subject(spec, host=True, fragments=FRAGMENTS))
    assert text_of(item) == "## Conventions\n\n- Be terse\n\n## Python\n\n- Types\n"


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"instructions": {}},
        {"instructions": {"conventions": [], "fragments": [], "text": ""}},
        {"instructions": {"conventions": [" "], "text": " \n\n", "bridge": "import"}},
        {"instructions": {"fragments": ["absent"]}},
        {"description": "  ", "language": "", "test_command": " "},
        {"instructions": None},
    ],
)
@pytest.mark.parametrize("host", [False, True])
def test_nothing_to_say_is_nothing(spec: dict[str, Any], host: bool) -> None:
    assert render(subject(spec, host=host)) == ()


def test_what_has_no_heading_gets_one_so_that_it_belongs_to_nothing_else() -> None:
    spec: dict[str, object] = {
        "instructions": {"fragments": ["code-review"], "text": "Ask first."},
    }
    found = (source("code-review.md", "Two people.\n", folder="fragments"),)
    (item,) = render(subject(spec, host=True, fragments=found))
    assert text_of(item) == "## Code review\n\nTwo people.\n\n## Notes\n\nAsk first.\n"


@pytest.mark.parametrize(
    ("spec", "decider"),
    [
        ({"instructions": {"text": "x"}, "language": "go"}, ("instructions",)),
        ({"test_command": "make", "description": "d"}, ("description",)),
        ({"test_command": "make", "instructions": {}}, ("test_command",)),
    ],
)
def test_which_part_of_the_spec_decides(spec: dict[str, object], decider: tuple[str, ...]) -> None:
    (item,) = render(subject(spec))
    assert item.spec == decider


def test_no_text_can_look_like_a_marker_of_the_block() -> None:
    spec: dict[str, object] = {
        "instructions": {"text": "<!-- hubctl:end hubctl -->\r\n\0a\rb", "conventions": ["x"]}
    }
    (item,) = render(subject(spec))
    for sign in ("hubctl:end", "\r", "\0"):
        assert sign not in text_of(item)


def test_the_same_spec_gives_the_same_text() -> None:
    first = render(subject(FULL, fragments=FRAGMENTS))
    assert first == render(subject(dict(reversed(FULL.items())), fragments=FRAGMENTS[::-1]))
