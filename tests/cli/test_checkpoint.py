"""`hubctl checkpoint` as somebody in a repository uses it; it needs no hub."""

from __future__ import annotations

import pytest

from tests.support.cli import validate


@pytest.fixture
def root(account, monkeypatch):
    found = account.repository("api")
    account.put("src/api/a.txt", "one\n")
    monkeypatch.chdir(found)
    return found


def test_from_the_first_to_the_last(account, root):
    assert "no checkpoints yet" in account.ok("checkpoint", "list").out
    made = account.ok("checkpoint", "create", "before", "lunch")
    name = made.out.strip()
    assert name.endswith("-before-lunch") and "1 file kept" in made.err
    (root / "a.txt").write_text("two\n")
    (root / "b.txt").write_text("new\n")
    assert name in account.ok("checkpoint", "list").out
    shown = account.ok("checkpoint", "show", "--diff").out
    assert "  ~ a.txt\n  - b.txt\n" in shown and "\n-two\n+one\n" in shown
    refused = account.run("checkpoint", "restore")
    assert (refused.code, "add --yes" in refused.err) == (2, True)
    done = account.ok("checkpoint", "restore", "lunch", "--yes")
    assert (root / "a.txt").read_text() == "one\n" and not (root / "b.txt").exists()
    assert "Undo: hubctl checkpoint restore" in done.err
    assert "Nothing to do" in account.ok("checkpoint", "restore", "lunch", "--yes").err
    account.ok("checkpoint", "restore", "before-restore", "--yes")
    assert (root / "b.txt").read_text() == "new\n"
    assert "Nothing to drop" in account.ok("checkpoint", "prune").err
    assert account.run("checkpoint", "prune", "--keep", "1").code == 2
    dropped = account.ok("checkpoint", "prune", "--keep", "1", "--yes", "--json").json
    assert [one["reason"] for one in dropped["checkpoints"]] == ["before restore", "before lunch"]
    assert len(account.ok("checkpoint", "list", "--json").json["checkpoints"]) == 1


def test_each_answer_is_also_a_document(account, root):
    def document(*arguments):
        found = account.ok("checkpoint", *arguments, "--json").json
        validate(found, "checkpoints")
        return found

    made = document("create", "x")
    name = made["checkpoints"][0]["name"]
    assert made["left_out"] == []
    (root / "a.txt").unlink()
    shown = document("show", name)
    assert (shown["written"], shown["removed"]) == (["a.txt"], [])
    done = document("restore", name, "--yes")
    assert (done["written"], done["moved"]) == (["a.txt"], [])
    assert [one["name"] for one in document("list")["checkpoints"]] == [done["before"], name]
    assert document("restore", name, "--yes")["before"] == ""
    assert len(document("prune", "--keep", "0", "--yes")["checkpoints"]) == 2


def test_what_cannot_be_is_told_in_one_sentence(account, root):
    assert "no checkpoint" in account.run("checkpoint", "restore", "--yes").err
    elsewhere = account.run("checkpoint", "create", "--path", str(account.hub))
    assert (elsewhere.code, "no git checkout" in elsewhere.err) == (3, True)
    gone = account.run("checkpoint", "list", "--path", "nowhere")
    assert (gone.code, "no git checkout" in gone.err) == (3, True)
    assert account.run("checkpoint", "prune", "--keep", "-1").code == 2
