"""pytest-test-generator: the tests it writes run, hold, and fail when the code changes."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.skills.scripts import SKILLS, run

PIN, OUTLINE = "pytest-test-generator/pin.py", "pytest-test-generator/outline.py"
PRICE = '''\
"""Prices."""
import random

LIMIT = 100


class PriceError(ValueError):
    """Bad price."""


def discount(total: int, code: str = "") -> int:
    """Total after the discount.

    >>> discount(200, "TEN")
    180
    """
    if total < 0:
        raise PriceError(f"negative total: {total}")
    if code == "TEN":
        return total - total // 10
    if total > LIMIT:
        return total - 5
    return total


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def save(path: str) -> None:
    _write(path)


def _write(path):
    open(path, "w").close()


def lottery(tickets: int) -> int:
    return random.randint(0, tickets)


async def stars(count: int | None) -> str:
    return "none" if count is None else "*" * count


def unknown(thing):
    return thing.price


def made(name: str) -> object:
    return object()
'''


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "shop/__init__.py").touch()
    (tmp_path / "shop/price.py").write_text(PRICE)
    return tmp_path


def pin(shop: Path, name: str, *options: str) -> Path:
    done = run(PIN, "shop/price.py", name, *options, folder=shop)
    assert done.returncode == 0, done.stderr
    place = shop / "tests" / f"test_{name}.py"
    place.write_text(done.stdout)
    return place


def outcome(shop: Path, *paths: Path) -> tuple[int, str]:
    done = subprocess.run(
        [
            *(sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", "/dev/null", "--rootdir", str(shop), *map(str, paths)),
        ],
        cwd=shop,
        env={"HOME": str(shop), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(shop)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


def test_what_it_writes_passes(shop: Path) -> None:
    places = [pin(shop, name) for name in ("discount", "mean", "stars")]
    code, told = outcome(shop, *places)
    assert code == 0, told
    text = places[0].read_text()
    assert "from shop.price import PriceError, discount\n" in text
    assert "negative total: -1" in text
    assert "ZeroDivisionError" in places[1].read_text()
    assert "(None, 'none')" in places[2].read_text()


MUTANTS = {
    "total < 0": "total <= 0",
    'code == "TEN"': 'code != "TEN"',
    "total > LIMIT": "total >= LIMIT",
    "negative total": "bad total",
    "LIMIT = 100": "LIMIT = 101",
}


def test_every_change_of_the_code_makes_one_fail(shop: Path) -> None:
    place = pin(shop, "discount")
    survived = []
    for was, now in MUTANTS.items():
        assert was in PRICE
        (shop / "shop/price.py").write_text(PRICE.replace(was, now, 1))
        if outcome(shop, place)[0] == 0:
            survived.append(was)
    assert survived == []


def test_a_call_of_ones_own_is_pinned_too(shop: Path) -> None:
    place = pin(shop, "discount", "--case", '[77, "TEN"]')
    assert "(77, 'TEN', 70)" in place.read_text()
    assert outcome(shop, place)[0] == 0


@pytest.mark.parametrize(
    ("name", "options", "why"),
    [
        ("save", (), "calls open"),
        ("lottery", (), "random.randint"),
        ("unknown", (), "nothing to pin"),
        ("made", (), "is no literal"),
        ("missing", (), "no attribute 'missing'"),
        ("PriceError", (), "is no function"),
        ("discount", ("--case", "{"), "--case {"),
        ("discount", ("--case", "3"), "a JSON list"),
    ],
)
def test_what_cannot_be_pinned_is_refused_in_words(
    shop: Path, name: str, options: tuple[str, ...], why: str
) -> None:
    done = run(PIN, "shop/price.py", name, *options, folder=shop)
    assert done.returncode == 1
    assert why in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert sorted(path.name for path in shop.iterdir()) == ["shop", "tests"]


def test_chance_is_noticed_even_when_it_is_run_anyway(shop: Path) -> None:
    done = run(PIN, "shop/price.py", "lottery", "--anyway", "--case", "[1000000]", folder=shop)
    assert "another result each time" in done.stderr
    assert "1000000" not in done.stdout


def test_a_call_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SKILLS / "pytest-test-generator/scripts"))
    watched = importlib.import_module("watched")
    monkeypatch.setattr(watched, "SECONDS", 0.05)

    def endless(count: int) -> int:
        while count:
            pass
        return count

    assert watched.watch(endless, (1,)).problem == "it took more than 0.05 s"
    assert watched.watch(endless, (0,)).usable


def test_the_outline_tells_promises_and_what_is_untested(shop: Path) -> None:
    (shop / "tests/test_price.py").write_text("from shop.price import mean\n")
    found = {one["name"]: one for one in json.loads(outlined(shop, "--json"))}
    assert set(found) >= {"discount", "mean", "save", "stars"}
    assert found["discount"]["raises"][0]["type"] == "PriceError"
    assert found["discount"]["branches"][0]["condition"] == "total < 0"
    assert found["discount"]["examples"] == [{"call": 'discount(200, "TEN")', "gives": "180"}]
    assert found["discount"]["tested_in"] == []
    assert [Path(path).name for path in found["mean"]["tested_in"]] == ["test_price.py"]
    assert found["lottery"]["changing"] == ["random.randint"]
    assert "mean(values: list[float]) -> float" in outlined(shop)


def outlined(shop: Path, *options: str) -> str:
    done = run(OUTLINE, "shop/price.py", *options, folder=shop)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_file_that_is_no_python_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("x = 1\ndef (:\n")
    done = run(OUTLINE, "bad.py", folder=tmp_path)
    assert (done.returncode, "bad.py:2: " in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr
