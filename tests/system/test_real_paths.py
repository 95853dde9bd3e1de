"""Real paths that are asked for once are those that the system gives."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hubctl.system.real_paths import RealPaths

NAMES = st.sampled_from(["a", "b", "c", "..", "."])
PATHS = st.lists(NAMES, min_size=1, max_size=5).map("/".join)
LINKS = st.dictionaries(PATHS, PATHS, max_size=4)


@settings(max_examples=60, deadline=None)
@given(links=LINKS, asked=st.lists(PATHS, max_size=6))
@example(links={"b": "b/../.."}, asked=["b/a", "b/../a", "b/../a/c"])
def test_they_are_those_of_the_system(links, asked):
    with tempfile.TemporaryDirectory() as base:
        (Path(base) / "a/b/c").mkdir(parents=True)
        for path, destination in links.items():
            place = f"{base}/{path}"
            if not os.path.lexists(place) and os.path.isdir(os.path.dirname(place)):
                os.symlink(destination, place)
        paths = RealPaths()
        for path in asked:
            assert paths.resolve(f"{base}/{path}") == os.path.realpath(f"{base}/{path}")


@pytest.mark.parametrize("path", ["/", "//", "/..", "/nothing/here", "/.", "/tmp/"])
def test_the_edges(path):
    assert RealPaths().resolve(path) == os.path.realpath(path)


def test_a_link_to_the_root(tmp_path):
    (tmp_path / "top").symlink_to("/")
    paths = RealPaths()
    assert paths.resolve(f"{tmp_path}/top") == "/"
    assert paths.resolve(f"{tmp_path}/top/nothing") == "/nothing"


def test_a_loop_ends(tmp_path):
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    path = f"{tmp_path}/one/x"
    assert RealPaths().resolve(path) == os.path.realpath(path)


def test_each_path_is_asked_for_once(tmp_path):
    paths = RealPaths()
    assert paths.resolve(f"{tmp_path}/x") == f"{tmp_path}/x"
    (tmp_path / "x").symlink_to("/")
    assert paths.resolve(f"{tmp_path}/x") == f"{tmp_path}/x"
