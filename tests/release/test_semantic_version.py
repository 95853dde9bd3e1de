from __future__ import annotations

import pytest

from hubctl.errors import UsageError
from hubctl.model.semantic_version import read_version, read_wish

ORDER = ["0.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11",
         "1.0.0-rc.1", "1.0.0", "v1.0.1", "1.2", "1.10.0", "2"]  # fmt: skip


def test_versions_are_ordered_as_the_specification_says() -> None:
    keys = [version.key for text in ORDER if (version := read_version(text))]
    assert len(keys) == len(ORDER)
    assert keys == sorted(keys) and len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    "text", ["", "v", "1.2.3.4", "1.2.x", "main", "1.0.0-", "1. 2", "-1", "1" * 20]
)
def test_what_is_no_version(text: str) -> None:
    assert read_version(text) is None


@pytest.mark.parametrize(
    ("wish", "allowed", "refused"),
    [
        ("", ["0.1", "3.2.1"], ["1.0.0-rc.1"]),
        ("*", ["0.1"], []),
        ("1.2.3", ["1.2.3", "1.2.3+build"], ["1.2.4", "1.2.3-rc.1"]),
        ("1.2", ["1.2.0", "1.2.9"], ["1.3.0", "2.2.0"]),
        ("^1.2", ["1.2.0", "1.9.1"], ["1.1.9", "2.0.0", "1.5.0-rc.1"]),
        ("^0.3.1", ["0.3.1", "0.3.9"], ["0.4.0", "0.3.0", "1.0.0"]),
        ("^0.0.3", ["0.0.3"], ["0.0.4"]),
        ("^0", ["0.1.0", "0.9.9"], ["1.0.0"]),
        ("~1.2.3", ["1.2.3", "1.2.9"], ["1.3.0"]),
        ("~1", ["1.0.0", "1.9.0"], ["2.0.0"]),
        (">=1.2,<2", ["1.2.0", "1.99.0"], ["2.0.0", "1.1.0"]),
        (">1.2, <=1.4", ["1.2.1", "1.4.0"], ["1.2.0", "1.4.1"]),
        (">=1.0.0-rc.1", ["1.0.0-rc.2", "1.0.0", "2.0.0"], ["1.1.0-rc.1", "1.0.0-alpha"]),
    ],
)
def test_what_a_wish_allows(wish: str, allowed: list[str], refused: list[str]) -> None:
    wanted = read_wish(wish)
    said = {
        text: wanted.allows(version)
        for text in allowed + refused
        if (version := read_version(text))
    }
    assert said == {**dict.fromkeys(allowed, True), **dict.fromkeys(refused, False)}


@pytest.mark.parametrize("text", ["newest", "^", "1.2 || 2", "<x", ">=1.2,,oops"])
def test_what_is_no_wish(text: str) -> None:
    with pytest.raises(UsageError):
        read_wish(text)
