"""The edits that `hubctl repos` makes."""

from __future__ import annotations

import pytest

from hubctl.config.edit_repositories import add_repository, remove_repository, set_repository
from hubctl.errors import UsageError

HUB = b"""version: 1
repositories:
  api: {path: ~/src/api}  # the first
  web-app:
    path: ~/src/web
# the rest
global: {}
"""


def test_add() -> None:
    added = b"  new_one:\n    path: ~/src/new\n    commit: false\n"
    result = add_repository(HUB, "new_one", {"path": "~/src/new", "commit": False})
    assert result == HUB.replace(b"# the rest", added + b"# the rest")


def test_add_to_a_hub_without_any() -> None:
    assert add_repository(b"version: 1\n", "api", {"path": "x"}) == (
        b"version: 1\nrepositories:\n  api:\n    path: x\n"
    )


@pytest.mark.parametrize("name", ["", "Api", "a b", "-x", "host", "a/b", "größe", "api\n"])
def test_add_refuses_what_is_no_name(name: str) -> None:
    with pytest.raises(UsageError, match="not a name"):
        add_repository(HUB, name, {"path": "x"})


def test_add_refuses_a_name_that_is_taken() -> None:
    with pytest.raises(UsageError, match="already there") as caught:
        add_repository(HUB, "api", {"path": "x"})
    assert "hubctl repos set api" in caught.value.hint


def test_remove() -> None:
    assert remove_repository(HUB, "api") == HUB.replace(
        b"  api: {path: ~/src/api}  # the first\n", b""
    )


def test_set() -> None:
    assert set_repository(HUB, "api", ("path",), "~/a") == HUB.replace(b"~/src/api", b"~/a")
    result = set_repository(HUB, "web-app", ("settings", "env", "A"), "1")
    assert b'    path: ~/src/web\n    settings:\n      env:\n        A: "1"\n# the' in result


@pytest.mark.parametrize(
    ("name", "hint"), [("web_app", "`web-app`"), ("apy", "`api`"), ("x", "repos list")]
)
def test_an_unknown_name_is_refused_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(UsageError, match="no repository") as removed:
        remove_repository(HUB, name)
    with pytest.raises(UsageError, match="no repository"):
        set_repository(HUB, name, ("path",), "x")
    assert hint in removed.value.hint


def test_set_needs_a_key() -> None:
    with pytest.raises(UsageError, match="which key"):
        set_repository(HUB, "api", (), {})


def test_a_repository_that_comes_by_merge_is_there_but_not_editable() -> None:
    hub = b"more: &more {api: {path: x}}\nrepositories:\n  <<: *more\n"
    with pytest.raises(UsageError, match="already there"):
        add_repository(hub, "api", {"path": "x"})
    for edit in (remove_repository, lambda d, n: set_repository(d, n, ("path",), "y")):
        with pytest.raises(UsageError, match="comes from a merge"):
            edit(hub, "api")
