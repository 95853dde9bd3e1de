from __future__ import annotations

import os
from pathlib import Path

import pytest

from hubctl.errors import OperationError
from hubctl.model.finding import Severity
from hubctl.model.source_names import KINDS
from hubctl.system.source_folders import MAX_BYTES
from hubctl.system.sources import Sources
from hubctl.system.sources_state import sources_state

TREE = {
    "hub/commands/tdd/cycle.md": "own cycle\n",
    "hub/commands/tdd/deep/more.md": "more\n",
    "hub/commands/speckit.plan.md": "plan\n",
    "hub/commands/speckit.task.md": "task\n",
    "hub/commands/speckit/notes.md": "notes\n",
    "hub/commands/both.md": "file\n",
    "hub/commands/both/inner.md": "inner\n",
    "hub/commands/.hidden.md": "no\n",
    "hub/commands/tdd/.DS_Store": "no\n",
    "hub/commands/tdd/old.md~": "no\n",
    "hub/skills/one/SKILL.md": "skill\n",
    "hub/skills/one/scripts/run.sh": "#!/bin/sh\n",
    "hub/skills/empty-one/notes.md": "no skill file\n",
    "shipped/commands/tdd/cycle.md": "shipped cycle\n",
    "shipped/commands/tdd/red.md": "shipped red\n",
    "shipped/commands/health.md": "health\n",
    "shipped/skills/two/SKILL.md": "skill\n",
}


@pytest.fixture
def dirs(tmp_path: Path) -> tuple[str, str]:
    for name, text in TREE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(tmp_path / "hub"), str(tmp_path / "shipped")


def found_in(dirs: tuple[str, str], kind: str, names: list[str]):
    found = Sources(*dirs).find(kind, names)
    return found.sources, found.missing


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("commands", "tdd/", ["tdd/cycle.md", "tdd/deep/more.md"]),
        ("commands", "tdd", ["tdd/cycle.md", "tdd/deep/more.md"]),
        ("commands", "tdd/cycle", ["tdd/cycle.md"]),
        ("commands", "tdd/cycle.md", ["tdd/cycle.md"]),
        ("commands", "tdd/*", ["tdd/cycle.md", "tdd/deep/more.md"]),
        ("commands", "speckit.*", ["speckit.plan.md", "speckit.task.md"]),
        ("commands", "speckit.*.md", ["speckit.plan.md", "speckit.task.md"]),
        ("commands", "both", ["both.md"]),
        ("commands", "both/", ["both/inner.md"]),
        ("commands", "health", ["health.md"]),
        ("skills", "one", ["one/SKILL.md", "one/scripts/run.sh"]),
        ("skills", "one/", ["one/SKILL.md", "one/scripts/run.sh"]),
        ("skills", "t*", ["two/SKILL.md"]),
    ],
)
def test_a_name_leads_to_its_files(
    dirs: tuple[str, str], kind: str, name: str, expected: list[str]
) -> None:
    sources, missing = found_in(dirs, kind, [name])
    assert [source.name for source in sources] == expected
    assert missing == ()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("commands", "nope"),
        ("commands", "nope.*"),
        ("commands", "TDD/cycle"),
        ("commands", "cycle"),
        ("commands", "health/"),
        ("commands", ".hidden"),
        ("commands", "tdd/old.md~"),
        ("skills", "tdd"),
        ("agents", "anything"),
    ],
)
def test_what_matches_nothing_is_missing(dirs: tuple[str, str], kind: str, name: str) -> None:
    found = Sources(*dirs).find(kind, [name])
    assert (found.sources, found.missing) == ((), (name,))
    assert [(f.rule, f.severity) for f in found.findings] == [
        ("sources/not-found", Severity.WARNING)
    ]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("commands", "../secret"),
        ("commands", "tdd/../../secret"),
        ("commands", "/etc/passwd"),
        ("commands", "~/.ssh/id"),
        ("commands", "a//b"),
        ("commands", "./tdd"),
        ("commands", ""),
        ("commands", "/"),
        ("commands", "a\\b"),
        ("commands", "a\nb"),
        ("commands", "x" * 300),
        ("skills", "one/scripts"),
    ],
)
def test_a_name_that_could_leave_its_folder_is_refused(
    dirs: tuple[str, str], kind: str, name: str
) -> None:
    (Path(dirs[0]) / "secret.md").write_text("token")
    found = Sources(*dirs).find(kind, [name])
    assert (found.sources, found.missing) == ((), (name,))
    assert [(f.rule, f.severity) for f in found.findings] == [
        ("sources/refused-name", Severity.ERROR)
    ]


def test_the_hub_wins_over_what_is_shipped(dirs: tuple[str, str]) -> None:
    sources, _ = found_in(dirs, "commands", ["tdd/cycle", "tdd/red"])
    assert [(s.text, s.shown) for s in sources] == [
        ("own cycle\n", "commands/tdd/cycle.md"),
        ("shipped red\n", "hubctl:templates/commands/tdd/red.md"),
    ]


def test_overlapping_names_give_each_source_once(dirs: tuple[str, str]) -> None:
    sources, missing = found_in(dirs, "commands", ["tdd/", "tdd/cycle", "tdd/"])
    assert [s.name for s in sources] == ["tdd/cycle.md", "tdd/deep/more.md"]
    assert missing == ()


def test_executable_bits_are_kept(dirs: tuple[str, str]) -> None:
    (Path(dirs[0]) / "skills/one/scripts/run.sh").chmod(0o755)
    sources, _ = found_in(dirs, "skills", ["one"])
    assert [(s.name, s.executable) for s in sources] == [
        ("one/SKILL.md", False),
        ("one/scripts/run.sh", True),
    ]


def test_line_ends_and_byte_order_marks_are_normalised(dirs: tuple[str, str]) -> None:
    (Path(dirs[0]) / "commands/win.md").write_bytes(b"\xef\xbb\xbf---\r\na: 1\r\n---\r\nText\r\n")
    sources, _ = found_in(dirs, "commands", ["win"])
    assert sources[0].text == "---\na: 1\n---\nText\n"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b"text\x00more", "binary"),
        (b"x" * (MAX_BYTES + 1), "larger"),
    ],
)
def test_what_is_no_text_refuses_the_whole_skill(
    dirs: tuple[str, str], data: bytes, word: str
) -> None:
    (Path(dirs[0]) / "skills/one/logo.png").write_bytes(data)
    found = Sources(*dirs).find("skills", ["one", "two"])
    assert [s.name for s in found.sources] == ["two/SKILL.md"]
    assert found.missing == ("one",)
    assert word in found.findings[0].message
    assert str(found.findings[0].location) == "skills/one/logo.png"


def test_a_folder_without_skill_file_is_no_skill(dirs: tuple[str, str]) -> None:
    found = Sources(*dirs).find("skills", ["empty-one"])
    assert (found.sources, found.missing) == ((), ("empty-one",))
    assert "no SKILL.md" in found.findings[0].message


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_link_out_of_the_folder_is_refused(
    dirs: tuple[str, str], tmp_path: Path, kind: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "token.md").write_text("secret")
    link = Path(dirs[0]) / "commands" / ("leak.md" if kind == "file" else "leak")
    link.symlink_to(outside / "token.md" if kind == "file" else outside)
    found = Sources(*dirs).find("commands", ["leak", "both"])
    assert [s.name for s in found.sources] == ["both.md"]
    assert found.missing == ("leak",)
    assert "leads out of its folder" in found.findings[0].message


def test_a_linked_kind_folder_may_not_leave_the_hub(dirs: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (Path(dirs[0]) / "rules").symlink_to(tmp_path / "outside")
    with pytest.raises(OperationError, match="leads out of the hub"):
        found_in(dirs, "rules", ["x"])


def test_links_inside_the_folder_are_followed_and_loops_end(dirs: tuple[str, str]) -> None:
    commands = Path(dirs[0]) / "commands"
    (commands / "alias.md").symlink_to("both.md")
    (commands / "tdd/self").symlink_to(commands / "tdd")
    found = Sources(*dirs).find("commands", ["alias", "tdd/cycle", "tdd/self/cycle"])
    assert [(s.name, s.text) for s in found.sources] == [
        ("alias.md", "file\n"),
        ("tdd/cycle.md", "own cycle\n"),
    ]
    assert found.missing == ("tdd/self/cycle",)


def test_a_pipe_is_refused_without_waiting_for_it(dirs: tuple[str, str]) -> None:
    os.mkfifo(Path(dirs[0]) / "commands/pipe.md")
    found = Sources(*dirs).find("commands", ["pipe"])
    assert found.missing == ("pipe",)
    assert "neither a file nor a folder" in found.findings[0].message


def test_a_near_name_is_suggested(dirs: tuple[str, str]) -> None:
    found = Sources(*dirs).find("commands", ["helth"])
    assert found.findings[0].hint == "did you mean health?"


def test_everything_that_can_be_named_is_listed(dirs: tuple[str, str]) -> None:
    names = {kind: Sources(*dirs).names(kind) for kind in KINDS}
    assert names["skills"] == ("one", "two")
    assert names["agents"] == ()
    assert names["commands"] == (
        "both", "both/", "both/inner", "health", "speckit.plan", "speckit.task", "speckit/",
        "speckit/notes", "tdd/", "tdd/cycle", "tdd/deep/more", "tdd/red",
    )  # fmt: skip
    for kind, known in names.items():
        assert Sources(*dirs).find(kind, known).missing == ()


def test_missing_folders_are_empty(tmp_path: Path) -> None:
    assert found_in((str(tmp_path / "no"), str(tmp_path)), "rules", ["x"]) == ((), ("x",))


@pytest.mark.parametrize("change", ["text", "mode", "add", "remove", "rename", "touch"])
def test_the_signature_follows_every_change(dirs: tuple[str, str], change: str) -> None:
    hub = Path(dirs[0])
    before = sources_state(dirs[0]).signature
    assert sources_state(dirs[0]).signature == before
    file = hub / "commands/both.md"
    if change == "text":
        file.write_text("longer text\n")
    elif change == "mode":
        file.chmod(0o755)
    elif change == "add":
        (hub / "rules").mkdir()
        (hub / "rules/x.md").write_text("")
    elif change == "remove":
        file.unlink()
    elif change == "rename":
        file.rename(hub / "commands/other.md")
    else:
        os.utime(file, ns=(1, 1))
    assert sources_state(dirs[0]).signature != before


def test_a_source_knows_its_real_place(dirs: tuple[str, str]) -> None:
    sources, _ = found_in(dirs, "commands", ["both"])
    assert sources[0].path == os.path.realpath(f"{dirs[0]}/commands/both.md")
