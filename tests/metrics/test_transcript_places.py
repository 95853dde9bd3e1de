"""Where transcripts lie: links, pipes, folders, files that change under their names, old places."""

from __future__ import annotations

import os
import shutil

import pytest

from hubctl.metrics.refresh import refresh
from hubctl.metrics.store import metrics_path, open_store
from hubctl.system.places import find_places
from tests.metrics.reading import put, read, rows
from tests.metrics.written import said, text

FIVE = text(said(out=5))
SEVEN = text(said("@m2", "@r2", 7, at=1))
NINE = text(said("@m3", "@r3", 9, at=2))
OUTPUT = "SELECT total(output_tokens) FROM claude_context WHERE counted"


def output(places):
    assert refresh(places).problem == ""
    with open_store(metrics_path(places)) as store:
        return store.rows(OUTPUT)[0][0]


@pytest.fixture
def projects(tmp_path):
    put(tmp_path, "p/s1.jsonl", FIVE)
    return tmp_path / ".claude/projects"


def test_a_pipe_is_no_transcript(tmp_path, projects):
    os.mkfifo(projects / "p/s2.jsonl")
    os.mkfifo(projects / "p/s2")
    assert read(tmp_path)[2] == 5


def test_a_folder_with_the_name_of_a_transcript(tmp_path, projects):
    put(tmp_path, "p/s2.jsonl/s3.jsonl", SEVEN)
    (projects / "q.jsonl").mkdir()
    assert read(tmp_path)[2] == 12


def test_a_file_that_becomes_a_pipe(tmp_path, projects):
    put(tmp_path, "p/s2.jsonl", SEVEN)
    assert read(tmp_path)[2] == 12
    (projects / "p/s2.jsonl").unlink()
    os.mkfifo(projects / "p/s2.jsonl")
    assert read(tmp_path)[2] == 12


def test_a_project_behind_a_link(tmp_path, projects):
    away = tmp_path / "away"
    away.mkdir()
    (away / "s2.jsonl").write_bytes(SEVEN)
    (projects / "q").symlink_to(away)
    assert read(tmp_path)[2] == 12


def test_links_in_a_circle_and_to_what_is_there(tmp_path, projects):
    (projects / "p/again").symlink_to(projects)
    (projects / "p/s0.jsonl").symlink_to(projects / "p/s1.jsonl")
    (projects / "p/gone.jsonl").symlink_to(projects / "nowhere")
    os.link(projects / "p/s1.jsonl", projects / "p/hard.jsonl")
    found = rows(tmp_path, "SELECT count(*) FROM cursors") if read(tmp_path) else []
    assert found == [(1,)]


def test_lines_without_any_id_behind_two_names(tmp_path, projects):
    line = said(None, None, 3)
    del line["uuid"]
    put(tmp_path, "p/s2.jsonl", text(line, line))
    (projects / "q").symlink_to(projects / "p")
    assert read(tmp_path)[0] == 3


def test_a_project_that_is_renamed(tmp_path, projects):
    put(tmp_path, "p/s2.jsonl", SEVEN)
    before = read(tmp_path)
    (projects / "p").rename(projects / "q")
    assert read(tmp_path) == before
    with (projects / "q/s2.jsonl").open("ab") as file:
        file.write(NINE)
    assert read(tmp_path)[2] == 21


def test_another_file_under_the_same_name(tmp_path, projects):
    assert read(tmp_path)[2] == 5
    other = tmp_path / "other"
    other.write_bytes(SEVEN)
    os.replace(other, projects / "p/s1.jsonl")
    assert read(tmp_path)[2] == 12


def test_a_file_that_is_cut_to_nothing_and_written_anew(tmp_path, projects):
    assert read(tmp_path)[2] == 5
    os.truncate(projects / "p/s1.jsonl", 0)
    assert read(tmp_path)[2] == 5
    (projects / "p/s1.jsonl").write_bytes(FIVE + SEVEN)
    assert read(tmp_path)[2] == 12


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_files_and_folders_that_cannot_be_read(tmp_path, projects):
    put(tmp_path, "p/s2.jsonl", SEVEN).chmod(0)
    put(tmp_path, "q/s3.jsonl", NINE).parent.chmod(0)
    assert read(tmp_path)[2] == 5
    (projects / "q").chmod(0o700)
    (projects / "p/s2.jsonl").chmod(0o600)
    assert read(tmp_path)[2] == 21


def moved(tmp_path, value, **more):
    return find_places({"HOME": str(tmp_path), "CLAUDE_CONFIG_DIR": value, **more})


def test_the_folder_is_moved(tmp_path, projects):
    away = tmp_path / "away"
    shutil.copytree(projects, away / "projects")
    (away / "projects/p/s1.jsonl").write_bytes(SEVEN)
    assert output(moved(tmp_path, str(away))) == 7


def test_several_folders(tmp_path, projects):
    for name, data in (("one", SEVEN), ("two", NINE)):
        path = tmp_path / name / "projects/p/s.jsonl"
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    assert output(moved(tmp_path, f"{tmp_path}/one,{tmp_path}/two/,relative,,{tmp_path}/no")) == 16


def test_where_older_clients_wrote(tmp_path, projects):
    older = tmp_path / ".config/claude"
    shutil.copytree(projects, older / "projects")
    (older / "projects/p/s2.jsonl").write_bytes(SEVEN)
    assert read(tmp_path)[2] == 12
    assert output(find_places({"HOME": str(tmp_path)})) == 12


def test_one_folder_under_two_names(tmp_path, projects):
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config/claude").symlink_to(tmp_path / ".claude")
    read(tmp_path)
    assert rows(tmp_path, "SELECT count(*) FROM cursors") == [(1,)]
