"""Imports of instruction files: which words are imports, how far they go, where they may lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hubctl.fleet.imports import Reader, imported_words
from hubctl.system.files import RealFiles

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@a.md\n", ["a.md"]),
        ("See @README and @docs/b.md now", ["README", "docs/b.md"]),
        ("- @~/x.md\n\t@/abs/y.md", ["~/x.md", "/abs/y.md"]),
        ("@with\\ space.md", ["with\\ space.md"]),
        ("mail ada@example.org", []),
        ("`@a.md` and ``x `@b.md` ``", []),
        ("```\n@a.md\n```\n@b.md", ["b.md"]),
        ("~~~~\n@a.md\n~~~\n@b.md\n~~~~\n@c.md", ["c.md"]),
        ("<!-- @a.md -->\n@b.md", ["b.md"]),
        ("`unclosed @a.md", ["a.md"]),
    ],
)
def test_words_that_are_imports(text, words):
    assert list(imported_words(text)) == words


def test_longer_fences_close_and_other_marks_do_not():
    assert list(imported_words("```\n~~~\n@a.md\n````\n@b.md")) == ["b.md"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "api/docs").mkdir(parents=True)
    return tmp_path / "api"


def found(root: Path, text: str, *, bound: bool = True) -> list[tuple[str, str]]:
    reader = Reader(door=RealFiles(), home=str(root.parent), root=str(root) if bound else "")
    top = str(root / "CLAUDE.md")
    imports = reader.imports(top, text.encode(), {top})
    return [(one.path.removeprefix(f"{root.parent}/"), one.problem) for one in imports]


def test_imports_are_relative_to_their_file(root):
    (root / "docs/a.md").write_text("@b.md and @docs/none.md")
    (root / "docs/b.md").write_text("end")
    assert found(root, "@docs/a.md") == [
        ("api/docs/a.md", ""),
        ("api/docs/b.md", ""),
        ("api/docs/docs/none.md", "missing"),
    ]


def test_a_circle_ends_and_a_file_counts_once(root):
    (root / "a.md").write_text("@b.md @CLAUDE.md")
    (root / "b.md").write_text("@a.md")
    assert found(root, "@a.md @b.md @a.md") == [("api/a.md", ""), ("api/b.md", "")]


def test_four_deep_and_no_deeper(root):
    for number in range(1, 7):
        (root / f"{number}.md").write_text(f"@{number + 1}.md")
    assert [path for path, _ in found(root, "@1.md")] == [f"api/{n}.md" for n in (1, 2, 3, 4)]


def test_words_after_an_import_are_no_part_of_it(root):
    (root / "a.md").write_text("")
    (root / "package.json").write_text("{}")
    assert found(root, "(see @a.md), or @package.json.") == [
        ("api/a.md", ""),
        ("api/package.json", ""),
    ]


def test_what_only_looks_like_an_import_is_none(root):
    assert found(root, "thanks @ada, install @types/node; @docs is a folder") == []


def test_imports_that_leave_the_repository(root):
    (root.parent / "secret.md").write_text("@api/docs/x.md")
    (root / "link.md").symlink_to("../secret.md")
    text = "@../secret.md @~/secret.md @link.md @../none.md"
    assert found(root, text) == [("secret.md", "outside"), ("api/link.md", "outside")]
    assert found(root, "@../secret.md", bound=False) == [
        ("secret.md", ""),
        ("api/docs/x.md", "missing"),
    ]


@pytest.mark.parametrize("text", ["@a\0b.md", "@" + "a/" * 3000 + "x.md", "@../" * 50 + "x.md"])
def test_odd_paths_are_no_trouble(root, text):
    assert all(problem for _, problem in found(root, text))
