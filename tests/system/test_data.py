"""What hubctl ships is known by its files, because a checkout changes without a new version."""

from __future__ import annotations

import os

import pytest

from hubctl import shipped
from hubctl.system.data import data_signature


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A small checkout that this hubctl takes for its own."""
    for path in ("schemas/a.json", "templates/rules/a.md", "hubctl/a.py", "hooks_shared/a.py"):
        place = tmp_path / path
        place.parent.mkdir(parents=True)
        place.write_text("a\n")
    monkeypatch.setattr(shipped, "_PACKAGE", f"{tmp_path}/hubctl")
    monkeypatch.setattr(shipped, "_INSTALLED", f"{tmp_path}/hubctl/_data")
    data_signature.cache_clear()
    yield tmp_path
    data_signature.cache_clear()


def signature():
    data_signature.cache_clear()
    return data_signature()


@pytest.mark.parametrize(
    "path", ["schemas/a.json", "templates/rules/a.md", "hubctl/a.py", "hooks_shared/a.py"]
)
@pytest.mark.parametrize("change", ["longer", "touched", "gone", "beside"])
def test_it_follows_every_file(checkout, path, change):
    before = signature()
    assert signature() == before
    place = checkout / path
    if change == "longer":
        place.write_text("longer\n")
    elif change == "touched":
        os.utime(place, ns=(1, 1))
    elif change == "gone":
        place.unlink()
    else:
        place.with_name("b").touch()
    assert signature() != before


def test_bytecode_says_nothing(checkout):
    before = signature()
    (checkout / "hubctl/__pycache__").mkdir()
    (checkout / "hubctl/__pycache__/a.pyc").touch()
    assert signature() == before


def test_the_modules_of_an_installation_are_told_by_its_version(checkout):
    for kind in ("schemas", "templates"):
        (checkout / "hubctl/_data").mkdir(exist_ok=True)
        (checkout / kind).rename(checkout / "hubctl/_data" / kind)
    before = signature()
    (checkout / "hubctl/a.py").write_text("longer\n")
    assert signature() == before
    (checkout / "hubctl/_data/schemas/a.json").write_text("longer\n")
    assert signature() != before
