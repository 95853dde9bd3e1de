"""A newer template comes in by three ways; a conflict is told and changes nothing."""

from __future__ import annotations

import pytest

from tests.support.cli import tree, validate

LONG = "".join(f"line {number}\n" for number in range(40))


@pytest.fixture
def template(account):
    """A template of one's own with one version."""
    root = account.home / "template"
    root.mkdir()
    account.git(root, "init", "-q", "--template=")
    account.put("template/copier.yml", "_subdirectory: files\nproject_name: {type: str}\n")
    account.put(
        "template/files/{{ _copier_conf.answers_file }}.jinja", "{{ _copier_answers|to_nice_yaml }}"
    )
    account.put("template/files/text.txt", LONG)
    release(account, "v1.0.0")
    for name in ("one", "two"):
        account.ok("new", f"~/src/{name}", "--template", str(root))
    return root


def release(account, tag):
    root = account.home / "template"
    account.git(root, "add", "-A")
    account.git(root, "commit", "-qm", tag)
    account.git(root, "tag", tag)


def commit(account, name):
    root = account.home / "src" / name
    account.git(root, "add", "-A")
    account.git(root, "commit", "-qm", "mine")


def updated(account, *arguments):
    ran = account.run("template", "update", "--json", *arguments)
    validate(ran.json, "templates")
    found = {one["name"]: one for one in ran.json["repositories"]}
    return ran.code, {name: one["state"] for name, one in found.items()}, found


def text(account, name):
    return account.read(f"src/{name}/text.txt").decode()


def test_changes_of_both_sides_come_together(account, template):
    assert updated(account)[:2] == (0, {"one": "current", "two": "current"})
    account.put("template/files/text.txt", LONG.replace("line 3\n", "template\n"))
    account.put("template/files/new.txt", "new\n")
    release(account, "v1.1.0")
    account.put("src/one/text.txt", LONG.replace("line 30\n", "mine\n"))
    commit(account, "one")
    before = tree(account.home / "src")
    assert updated(account, "--dry-run")[1] == {"one": "pending", "two": "pending"}
    assert tree(account.home / "src") == before
    code, states, found = updated(account)
    assert (code, states) == (0, {"one": "updated", "two": "updated"})
    assert (found["one"]["before"], found["one"]["after"]) == ("v1.0.0", "v1.1.0")
    assert text(account, "one") == LONG.replace("line 3\n", "template\n").replace(
        "line 30\n", "mine\n"
    )
    assert account.read("src/two/new.txt") == b"new\n"
    listed = account.ok("checkpoint", "list", "--path", "../src/one", "--json").json
    assert [one["reason"] for one in listed["checkpoints"]] == ["before template update"]
    commit(account, "one")
    assert updated(account, "one")[1] == {"one": "current"}


def test_a_conflict_is_shown_and_changes_nothing(account, template):
    account.put("template/files/text.txt", LONG.replace("line 3\n", "template\n"))
    release(account, "v1.1.0")
    account.put("src/one/text.txt", LONG.replace("line 3\n", "mine\n"))
    commit(account, "one")
    before = tree(account.home / "src/one", without=())
    code, states, found = updated(account)
    assert (code, states) == (4, {"one": "conflict", "two": "updated"})
    assert tree(account.home / "src/one", without=()) == before
    lines = found["one"]["conflicts"][0]
    assert (
        lines["path"] == "text.txt"
        and "mine\n" in lines["lines"]
        and "template\n" in lines["lines"]
    )
    ran = account.run("template", "update")
    assert "one: text.txt was changed on both sides" in ran.out


def test_what_is_not_committed_is_never_overwritten(account, template):
    account.put("template/files/text.txt", LONG.replace("line 3\n", "template\n"))
    release(account, "v1.1.0")
    account.put("src/one/text.txt", LONG.replace("line 3\n", "not committed\n"))
    account.put("src/two/other.txt", "not committed either\n")
    code, states, found = updated(account)
    assert (code, states) == (3, {"one": "refused", "two": "updated"})
    assert "not committed" in found["one"]["message"]
    assert "not committed\n" in text(account, "one")
    assert account.read("src/two/other.txt") == b"not committed either\n"


def test_a_template_that_began_to_run_programs_is_refused(account, template):
    questions = "_subdirectory: files\nproject_name: {type: str}\n"
    account.put("template/copier.yml", f"{questions}_tasks: ['touch {account.home}/ran']\n")
    release(account, "v2.0.0")
    code, states, found = updated(account)
    assert (code, set(states.values())) == (3, {"refused"})
    assert "wants to run programs" in found["one"]["message"]
    assert not (account.home / "ran").exists()


def test_damaged_answers_are_told(account, template):
    account.put("src/one/.copier-answers.yml", "[not: yaml\n")
    commit(account, "one")
    code, states, _ = updated(account, "one")
    assert (code, states) == (3, {"one": "refused"})


def test_a_repository_of_no_template(account):
    account.canonical("hub: {name: acme}\nrepositories:\n  api: {path: ~/src/api}\n")
    account.repository()
    assert updated(account)[:2] == (0, {"api": "no template"})


def test_a_newer_hubctl_brings_its_template(account, monkeypatch):
    from hubctl.scaffold import sources

    account.ok("new", "~/src/tool", "--language", "generic")
    real = sources.read_folder

    def newer(folder):
        files = real(folder)
        return {
            p: ((d + b"*.swp\n", m) if p.endswith(".gitignore") else (d, m))
            for p, (d, m) in files.items()
        }

    monkeypatch.setattr(sources, "read_folder", newer)
    code, states, found = updated(account)
    assert (code, states) == (0, {"tool": "updated"})
    assert found["tool"]["after"] == found["tool"]["before"] + ".post1"
    assert "*.swp\n" in account.read("src/tool/.gitignore").decode()
