"""Which files of a hub's folders can be sources at all, by their names alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hubctl.model.source_names import problem_of
from hubctl.system.sources import Sources

if TYPE_CHECKING:
    from pathlib import Path

ODD = ["c#.md", "a\nb.md", "a\\b.md", "a\x1b.md", "\udcff.md"]


@pytest.mark.parametrize("name", ODD)
def test_a_name_that_no_address_can_hold_is_unusable(tmp_path: Path, name: str) -> None:
    (tmp_path / "commands").mkdir()
    (tmp_path / "commands" / name).write_text("x\n")
    (tmp_path / "commands/fine=1 [x].md").write_text("x\n")
    found = Sources(str(tmp_path), str(tmp_path / "none")).find("commands", ("*.md",))
    assert [finding.rule for finding in found.findings] == ["sources/unusable"]


def test_canonical_may_not_even_ask_for_one() -> None:
    assert problem_of("c#", "commands")
    assert not problem_of("fine=1 [x]", "commands")
