"""Every tree of the table: in without a byte, an empty plan, one owned span, out without a byte."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.adopt.building import build
from tests.adopt.trees import TREES, S
from tests.support.cli import LOCK, Account, enter, tree, validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


REFUSED = ("adopt/syntax", "adopt/failed", "adopt/no-object", "contain/outside")


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """All trees, adopted in one run."""

    account: Account
    before: dict[str, dict[str, object]]
    adopted: dict[str, Any]

    def root(self, name: str) -> Path:
        return self.account.home / "src" / name

    def now(self, name: str) -> dict[str, object]:
        return tree(self.root(name), without=())

    def repository(self, name: str) -> dict[str, Any]:
        return next(r for r in self.adopted["repositories"] if r["name"] == name)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    account = Account(base=tmp_path_factory.mktemp("corpus"))
    account.canonical("hub:\n  name: acme\n")
    for name, row in TREES.items():
        build(account.repository(name), row)
    with pytest.MonkeyPatch.context() as patch:
        enter(account.environment, patch)
        patch.chdir(account.hub)
        before = {n: tree(account.home / "src" / n, without=()) for n in TREES}
        paths = [str(account.home / "src" / name) for name in TREES]
        ran = account.run("adopt", *paths, "--yes", "--json")
        assert ran.code in (0, 1), ran.err
        yield Corpus(account=account, before=before, adopted=ran.json)


def test_there_are_enough() -> None:
    assert len(TREES) >= 60


def test_what_is_told_is_as_its_schema_says(corpus: Corpus) -> None:
    validate(corpus.adopted, "adopt")


@pytest.mark.parametrize("name", TREES)
def test_adopting_changes_no_byte(corpus: Corpus, name: str) -> None:
    assert corpus.now(name) == corpus.before[name]


def test_the_plan_is_empty(corpus: Corpus) -> None:
    report = corpus.account.report("plan")
    acting = [
        (c["address"], c["status"])
        for target in report["targets"]
        for c in target["changes"]
        if c["action"] != "none"
    ]
    assert acting == []
    assert report["exit_code"] == 0


@pytest.mark.parametrize("name", [name for name, row in TREES.items() if row.told])
def test_what_the_client_makes_of_it_is_told_with_its_line(corpus: Corpus, name: str) -> None:
    told = {
        (f["rule"], (f["location"] or {}).get("file"), (f["location"] or {}).get("line"))
        for f in corpus.adopted["findings"]
    }
    for rule, path, line in TREES[name].told:
        assert (rule, str(corpus.root(name) / path), line) in told


@pytest.mark.parametrize("name", [name for name, row in TREES.items() if row.kept])
def test_what_can_be_said_is_said(corpus: Corpus, name: str) -> None:
    adopted = corpus.repository(name)["adopted"]
    for address in TREES[name].kept:
        assert any(
            a == address or (address.endswith("/") and a.startswith(address)) for a in adopted
        )


def test_everything_that_is_not_said_is_told(corpus: Corpus) -> None:
    """What a settings file says is under the hub or named as left: nothing is passed over."""
    refused = {f["location"]["file"] for f in corpus.adopted["findings"] if f["rule"] in REFUSED}
    for name in TREES:
        repository = corpus.repository(name)
        named = [
            *repository["adopted"],
            *(f"{x['path']}#{x['fragment']}" for x in repository["left"]),
        ]
        for path in (".claude/settings.json", ".claude/settings.local.json"):
            place = corpus.root(name) / path
            for key in () if str(place) in refused else _top_keys(place):
                escaped = key.replace("~", "~0").replace("/", "~1").replace("=", "~2")
                pointer = f"{path}#/{escaped}"
                wanted = (pointer, f"{path}#hook:") if key == "hooks" else (pointer,)
                assert any(n.startswith(wanted) for n in named), (name, pointer)


def _top_keys(place: Path) -> list[str]:
    try:
        found = json.loads(place.read_bytes().decode("utf-8-sig"), parse_constant=_refuse)
    except (OSError, ValueError, RecursionError):
        return []
    empty = ({}, [], {"allow": []})
    return [k for k, v in found.items() if v not in empty] if isinstance(found, dict) else []


def _refuse(name: str) -> object:
    raise ValueError(name)


def test_no_committed_ledger_appears(corpus: Corpus) -> None:
    assert not [name for name in TREES if (corpus.root(name) / LOCK).exists()]


OWNED = [name for name, row in TREES.items() if f"{S}#/model" in row.kept]
# Where a key stands there twice, hubctl cannot know which one to change, and says so.
REFUSING = ("repeated-key",)


def test_one_owned_address_changes_only_its_span_and_leaving_gives_every_byte_back(
    corpus: Corpus,
) -> None:
    """In this order, because all repositories of the corpus share one hub."""
    account = corpus.account
    for name in OWNED:
        account.ok("repos", "set", name, "overrides.settings.model", "sonnet-9")
    ran = account.run("apply", "--yes")
    assert ran.code == 3, ran.out  # the one that refuses
    for name in OWNED:
        settings = (corpus.root(name) / S).read_bytes()
        was = _data(corpus.before[name], S, corpus.root(name))
        if name in REFUSING:
            assert settings == was
        else:
            assert settings == re.sub(rb'"(opus|\\u006fpus|\{\{ model \}\})"', b'"sonnet-9"', was)
    untouched = [name for name in TREES if name not in OWNED]
    for name in (*OWNED, *untouched[::6]):
        account.ok("repos", "remove", name, "--restore", "--yes")
        assert corpus.now(name) == corpus.before[name], name


def _data(found: dict[str, object], path: str, root: Path) -> bytes:
    """The bytes of a file of a snapshot, behind links inside it."""
    entry = found[path]
    if isinstance(entry, str):
        place = (root / path).parent / entry
        return _data(found, os.path.relpath(os.path.normpath(place), root), root)
    assert isinstance(entry, tuple)
    data = entry[0]
    assert isinstance(data, bytes)
    return data
