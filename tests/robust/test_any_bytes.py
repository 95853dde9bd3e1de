"""Whatever stands in a file that hubctl reads, it answers in words: never a traceback, never 70."""

from __future__ import annotations

import json
import os
import random
import shutil

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.robust.worlds import RICH, clean
from tests.support.cli import LOCAL_SETTINGS, LOCK, SETTINGS, tree

# FUZZ=1000 looks longer.
quick = settings(
    max_examples=int(os.environ.get("FUZZ", "30")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WORDS = (
    b"hub", b"name", b"repositories", b"path", b"overrides", b"settings", b"profiles", b"extends",
    b"global", b"units", b"exceptions", b"until", b"2020-01-01", b"~/src/api", b"$HOME", b"${X}",
    b"api", b": ", b"\n", b"  ", b"- ", b"{", b"}", b"[", b"]", b",", b'"', b"'", b"&a ", b"*a",
    b"<<", b"|", b">", b"#", b"\t", b"\0", b"\\0", b"\xff", b"\xe2\x80\xae", b"null", b"true",
    b"1e999", b"\r\n", b"---\n", b"!!python/object ", b"sonnet", b"model", b"../..", b"//",
    b".nan", b"0o17",
)  # fmt: skip
soup = st.lists(st.sampled_from(WORDS), max_size=40).map(b"".join)
COMMANDS = (("drift",), ("plan",), ("diff",), ("validate",), ("apply", "--yes"))


@pytest.fixture
def cleaned(account):
    clean(account)
    account.put("src/api/" + LOCAL_SETTINGS, "{}")
    shutil.copytree(account.home, account.base / "kept", symlinks=True)
    return account


def restored(account):
    shutil.rmtree(account.home)
    shutil.copytree(account.base / "kept", account.home, symlinks=True)
    os.chdir(account.hub)


def mutated(data, seed):
    """The bytes with a few of them changed, removed, doubled or replaced by a word."""
    chance = random.Random(seed)
    found = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at, end = sorted(chance.randrange(len(found) + 1) for _ in range(2))
        end = min(end, at + chance.choice((0, 1, 1, 2, 30)))
        piece = bytes(found[at:end])
        found[at:end] = chance.choice((b"", piece * 2, chance.choice(WORDS), bytes([at % 256])))
    return bytes(found)


def answers(account, *commands):
    """Run them; Account.check holds each one to a documented exit code."""
    for command in commands:
        assert "working folder" not in account.run(*command).err


@quick
@given(data=st.binary(max_size=200) | soup)
@example(data=b'repositories: {api: {path: "~/a\\0b"}}')
@example(data=b'hub: {follow: ["a\\0b", "$NOPE"]}')
@example(data=b"repositories: {api: {path: $NOPE/x}}")
@example(data=b"repositories: {api: {path: /}}")
@example(data=b"repositories: {api: {path: ~}}")
@example(data=b"hub: {name: ..}")
@example(data=b"hub: {name: a/../../b}")
@example(data=b"repositories: {host: {path: /x}}")
def test_any_canonical(cleaned, data):
    cleaned.canonical(data)
    answers(cleaned, *COMMANDS, ("repos", "list"), ("show",))


@quick
@given(seed=st.integers(0, 2**32))
def test_a_canonical_that_was_damaged_a_little(cleaned, seed):
    restored(cleaned)
    cleaned.canonical(mutated(RICH.encode(), seed))
    answers(cleaned, *COMMANDS, ("repos", "list"), ("show", "--json"))


@quick
@given(data=st.binary(max_size=100) | soup, local=st.booleans())
def test_any_local_canonical(cleaned, data, local):
    restored(cleaned)
    cleaned.put("hub/canonical.local.yaml", data)
    answers(cleaned, ("plan",), ("apply", "--yes"))


@quick
@given(data=st.binary(max_size=100) | soup, path=st.sampled_from([SETTINGS, LOCAL_SETTINGS]))
def test_any_settings(cleaned, data, path):
    restored(cleaned)
    cleaned.put("src/api/" + path, data)
    answers(cleaned, *COMMANDS, ("drift", "--fix"))


@quick
@given(seed=st.integers(0, 2**32))
def test_settings_that_were_damaged_a_little_lose_nothing_of_the_user(cleaned, seed):
    restored(cleaned)
    data = mutated(cleaned.read("src/api/" + SETTINGS), seed)
    cleaned.put("src/api/" + SETTINGS, data)
    answers(cleaned, ("drift",), ("plan",), ("drift", "--fix"), ("apply", "--yes"))
    try:
        found = json.loads(data)
    except ValueError:
        assert cleaned.read("src/api/" + SETTINGS) == data
        return
    after = json.loads(cleaned.read("src/api/" + SETTINGS))
    if isinstance(found, dict):
        ours = {"model", "env", "permissions"}
        assert {k: v for k, v in found.items() if k not in ours} == {
            k: v for k, v in after.items() if k not in ours
        }


@quick
@given(
    data=st.binary(max_size=100) | soup, path=st.sampled_from(["CLAUDE.md", ".git/info/exclude"])
)
def test_any_text(cleaned, data, path):
    restored(cleaned)
    cleaned.put("src/api/" + path, data)
    answers(cleaned, ("drift",), ("plan",), ("drift", "--fix"), ("apply", "--yes"))
    assert data.strip() in cleaned.read("src/api/" + path) or b"hubctl:" in data


LEDGER = json.dumps(
    {
        "format": "hubctl/ledger",
        "version": 1,
        "hub": "acme",
        "repository": "api",
        "records": {f"{SETTINGS}#/model": "sha256:00", "CLAUDE.md#block:hubctl": "adopted x"},
        "containers": {".claude/": "absent", SETTINGS: "absent"},
        "seen": {SETTINGS: ["/theme"]},
    }
).encode()
odd = st.sampled_from(
    ["x", "", "..", "a#", "a#b", "a#/x=", "a#/x=[", "a#hook:x", "a#block:", "unit:", "unit:x#y",
     "unit:x#enabled", "#/x", "a\0b", "a#/~9", "\ud800", ".git/x", "@state/x", "a/#/x"]
)  # fmt: skip


def ledger_with(records, containers):
    found = json.loads(LEDGER)
    found["records"] |= records
    found["containers"] |= containers
    return json.dumps(found).encode()


ledgers = (
    st.binary(max_size=60)
    | st.integers(0, 2**32).map(lambda seed: mutated(LEDGER, seed))
    | st.builds(
        ledger_with,
        st.dictionaries(odd, st.sampled_from(["sha256:00", "", "adopted "]), max_size=3),
        st.dictionaries(odd, st.sampled_from(["absent", "{", "\n", ""]), max_size=3),
    )
)


@quick
@given(lock=ledgers, local=ledgers)
@example(lock=ledger_with({"\ud800": "x"}, {}), local=ledger_with({"\ud800": "x"}, {}))
def test_any_ledger(cleaned, lock, local):
    restored(cleaned)
    cleaned.put("src/api/" + LOCK, lock)
    for place in cleaned.state.glob("*/ledger/*"):
        place.write_bytes(local)
    before = tree(cleaned.home / "src/api", without=(".git", ".claude", "CLAUDE.md"))
    answers(cleaned, ("drift",), ("plan",), ("drift", "--fix"), ("apply", "--yes", "--prune"))
    answers(cleaned, ("drift", "--path", str(cleaned.home / "src/api")))
    answers(cleaned, ("repos", "remove", "api", "--yes"))
    assert tree(cleaned.home / "src/api", without=(".git", ".claude", "CLAUDE.md")) == before


@quick
@example(seed=2, name="entry.json")
@given(seed=st.integers(0, 2**32), name=st.sampled_from(["entry.json", "images", "done"]))
def test_any_journal(cleaned, seed, name):
    restored(cleaned)
    place = next(cleaned.state.glob(f"*/journal/*/{name}"))
    place.write_bytes(mutated(place.read_bytes(), seed))
    answers(cleaned, ("history",), ("history", "--json"), ("drift",))
    cleaned.put("src/api/CLAUDE.md", "mine\n")
    answers(cleaned, ("drift", "--fix"), ("rollback", "--yes"), ("apply", "--yes"))


@quick
@given(seed=st.integers(0, 2**32))
def test_any_open_journal_harms_nothing(cleaned, seed):
    restored(cleaned)
    (folder,) = cleaned.state.glob("*/journal/*")
    (folder / "done").unlink()
    place = folder / "entry.json"
    place.write_bytes(mutated(place.read_bytes(), seed))
    outside = cleaned.put("precious.txt", "precious\n")
    answers(cleaned, ("drift",), ("apply", "--yes"), ("rollback", "--yes"))
    assert outside.read_bytes() == b"precious\n"


@quick
@given(data=st.binary(max_size=80), seed=st.integers(0, 2**32), whole=st.booleans())
def test_any_cache(cleaned, data, seed, whole):
    """The cache is thrown away freely: damaged, it changes no answer."""
    restored(cleaned)
    expected = cleaned.run("drift", "--json").out
    for place in cleaned.cache.rglob("*"):
        if place.is_file():
            place.write_bytes(data if whole else mutated(place.read_bytes(), seed))
    found = cleaned.run("drift", "--json")
    assert (found.code, json.loads(found.out)["exit_code"]) == (0, 0)
    if whole:
        assert found.out == expected


@quick
@given(address=st.text(max_size=30) | soup.map(lambda data: data.decode("utf-8", "replace")))
def test_any_address(cleaned, address):
    restored_commands = (("explain", "--", address), ("apply", "--yes", f"--take={address}"))
    answers(cleaned, *restored_commands)


@quick
@example(words=["--", "plan"])
@example(words=["0"])
@given(words=st.lists(st.text(max_size=8) | st.sampled_from(["plan", "api", "-", "--", "-o"])))
def test_any_command_line(cleaned, words):
    """Options that ask for a terminal or write beside the hub are not among the words."""
    safe = [word for word in words if word not in ("-o", "demo", "init")]
    answers(cleaned, tuple(safe))
