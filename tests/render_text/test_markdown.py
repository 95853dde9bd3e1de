from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.render.markdown import bullet, code, fit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# A\n\n## B\n", "### A\n\n#### B", id="shifted down together"),
        pytest.param("#### A\n##### B", "### A\n#### B", id="shifted up together"),
        pytest.param("# A\n###### B", "### A\n###### B", id="never deeper than six"),
        pytest.param("A\n===\n\nB\n---\n", "### A\n\n#### B", id="underlined titles"),
        pytest.param("text\nmore\n---\n", "text\nmore\n---", id="a rule below a paragraph stays"),
        pytest.param("- item\n---\n", "- item\n---", id="a rule below a list stays"),
        pytest.param("a\n\n---\n\nb", "a\n\n---\n\nb", id="a rule stays"),
        pytest.param("# A #\n", "### A", id="closing marks"),
        pytest.param("#tag and #2", "#tag and #2", id="no heading without a space"),
        pytest.param("```\n# no\n\n\n\nx\n```", "```\n# no\n\n\n\nx\n```", id="code untouched"),
        pytest.param("~~~\n```\n# no\n~~~\n# A", "~~~\n```\n# no\n~~~\n### A", id="other fence"),
        pytest.param("```sh\nls", "```sh\nls\n```", id="an open fence is closed"),
        pytest.param("```\nls\n\n\n", "```\nls\n```", id="closed without a gap"),
        pytest.param("a <!-- todo\n# no", "a <!-- todo\n# no\n-->", id="an open comment is closed"),
        pytest.param("a <!-- b --> c\n# A", "a <!-- b --> c\n### A", id="a closed comment"),
        pytest.param("a  \n\n\n\n b\t\n\n", "a\n\n b", id="trailing space and blank lines"),
        pytest.param("---\nx: 1\n---\nText", "Text", id="frontmatter goes"),
        pytest.param("a\r\nb\r\n", "a\nb", id="line ends"),
        pytest.param("", "", id="nothing"),
        pytest.param("\n \n", "", id="only white space"),
    ],
)
def test_fit(text: str, expected: str) -> None:
    assert fit(text, 3) == expected


TEXT = st.lists(
    st.sampled_from(
        ["# A", "## B", "###### C", "T", "===", "---", "", "  ", "```", "~~~~", "```py", "- x",
         "<!--", "-->", "a <!-- b", "    # code", "#### ", "x  "]
    ),
    max_size=12,
).map("\n".join)  # fmt: skip


@settings(max_examples=100)
@given(TEXT, st.integers(2, 3))
def test_whatever_comes_in_is_ready_to_be_followed_by_more(text: str, level: int) -> None:
    result = fit(text, level)
    assert not re.search(r"[ \t]$", result, re.MULTILINE)
    # Were a fence or a comment still open, the heading behind it would not be shifted.
    assert fit(f"\n{result}\n\n# Z", level).endswith("#" * level + " Z")
    # The line before keeps a rule at the top from reading as frontmatter the second time.
    assert fit(f"\n{result}", level) == result


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a", "- a"), ("a\n  b\n", "- a\n  b"), ("a\n\nb", "- a\n  b")],
)
def test_bullet(text: str, expected: str) -> None:
    assert bullet(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("make test", "`make test`"),
        ("a\n && b", "`a && b`"),
        ("echo `x`", "`` echo `x` ``"),
        ("a``b`c", "```a``b`c```"),
    ],
)
def test_code(text: str, expected: str) -> None:
    assert code(text) == expected
