"""The pictures of README.md: they show what the program prints now, and need nothing else."""

from __future__ import annotations

import importlib.util
import re

import pytest

from tests.guards.tree import ROOT

FOLDER = ROOT / "docs/pictures"
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pictures():
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "docs/pictures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def screens(pictures):
    return pictures.screens()


def test_the_pictures_show_what_the_program_prints(pictures, screens):
    assert pictures.stale(screens, FOLDER) == [], "run python docs/pictures.py"


def test_another_text_is_noticed(pictures, screens, tmp_path):
    for name, screen in screens.items():
        (tmp_path / f"{name}.svg").write_text(pictures.draw(name, screen), encoding="utf-8")
    assert pictures.stale(screens, tmp_path) == []
    changed = screens | {"plan": screens["plan"].replace("to update", "to improve")}
    assert pictures.stale(changed, tmp_path) == ["plan"]
    assert pictures.stale(screens, tmp_path / "nowhere") == ["plan", "drift"]


def test_nothing_of_the_machine_is_in_a_picture(screens):
    assert [name for name, text in screens.items() if "hubctl-pictures-" in text] == []
    assert [name for name, text in screens.items() if re.search(r"\s/(tmp|var|home)/", text)] == []


@pytest.mark.parametrize("name", ["plan", "drift"])
def test_a_picture_is_small_needs_nothing_else_and_stands_in_the_readme(name):
    text = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert len(text.encode()) < 60_000
    assert re.findall(r"https?://[^\"' ]+", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"@font-face|@import|<image|<script|url\((?!#)", text)
    assert re.search(rf"!\[[^\]]{{20,}}\]\(docs/pictures/{name}\.svg\)", README)
