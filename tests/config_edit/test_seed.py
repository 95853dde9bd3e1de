"""A canonical.yaml that a user wrote by hand stays theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubctl.config.edit import add_to_list, remove_from_list, set_value
from hubctl.config.edit_repositories import add_repository, remove_repository, set_repository

SEED = (Path(__file__).parents[1] / "fixtures" / "seed-002.yaml").read_bytes()


def changed_lines(result: bytes) -> list[str]:
    old, new = SEED.decode().splitlines(), result.decode().splitlines()
    return [line for line in new if line not in old] + [f"-{x}" for x in old if x not in new]


def test_a_repository_comes_and_goes() -> None:
    result = add_repository(SEED, "new_one", {"path": "~/src/new", "language": "go"})
    assert changed_lines(result) == ["  new_one:", "    path: ~/src/new", "    language: go"]
    assert remove_repository(result, "new_one") == SEED


@pytest.mark.parametrize("name", ["nautilus_dev", "utxoracle", "liquidation_heatmap"])
def test_a_key_comes_and_goes(name: str) -> None:
    result = set_repository(SEED, name, ("commit",), False)
    assert changed_lines(result) == ["    commit: false"]
    assert set_repository(result, name, ("commit",), True) == result.replace(b"false", b"true")


def test_a_value_beside_a_comment() -> None:
    result = set_value(SEED, ("infrastructure", "questdb", "ilp_port"), 9010)
    assert result == SEED.replace(b"ilp_port: 9009", b"ilp_port: 9010")


def test_a_command_comes_and_goes() -> None:
    result = add_to_list(SEED, ("global", "commands"), "health")
    assert result == SEED.replace(b"speckit.*]", b"speckit.*, health]")
    assert remove_from_list(result, ("global", "commands"), "health") == SEED
