"""A checkpoint brings the work tree back exactly, touches nothing else, and can be undone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hubctl.checkpoint.checkpoints import checkpoints
from hubctl.errors import ConflictError, UsageError
from hubctl.system.files import RealFiles
from hubctl.system.wrappers import CountingFiles
from tests.support.doors import SYSTEMS, failing, meanwhile


def disturb(repository):
    """Change everything there is to change."""
    repository.put("a.txt", b"other\n")
    repository.put("bin/run", b"#!/bin/sh\n", 0o644)
    (repository.root / "secret").unlink()
    (repository.root / "secret").symlink_to("/etc/hostname")
    (repository.root / "link").unlink()
    repository.put("link/inside", b"a folder now\n")
    (repository.root / "new/file").unlink()
    (repository.root / "new").rmdir()
    repository.put("new", b"a file now\n")
    repository.put("later/deep/file", b"later\n")


def test_everything_comes_back_and_git_stays_as_it_is(repository):
    before, git = repository.files(), repository.git_state()
    repository.create("before the work")
    disturb(repository)
    disturbed = repository.files()
    assert repository.git_state() == git
    done = repository.restore("before-the-work")
    assert (repository.files(), done.moved) == (before, ())
    assert not (repository.root / "later").exists()
    repository.restore(done.before)
    assert repository.files() == disturbed
    assert repository.git_state() == git
    assert repository.git("status", "--porcelain", "--untracked-files=no") != ""


def test_what_is_staged_stays_staged(repository):
    repository.put("a.txt", b"staged\n")
    repository.git("add", "a.txt")
    repository.put("a.txt", b"on top\n")
    repository.create()
    repository.put("a.txt", b"worse\n")
    repository.restore()
    assert (repository.root / "a.txt").read_bytes() == b"on top\n"
    assert repository.git("show", ":a.txt") == "staged\n"


def test_ignored_files_are_left_alone_whatever_the_rules_say_now(repository):
    repository.create()
    repository.put("build/out", b"made\n")
    repository.put(".gitignore", b"")
    repository.restore()
    assert (repository.root / "run.log").read_bytes() == b"ignored\n"
    assert (repository.root / "build/out").read_bytes() == b"made\n"
    assert (repository.root / ".gitignore").read_bytes() == b"*.log\nbuild/\n"


def test_a_file_that_is_ignored_by_now_is_kept_before_it_is_overwritten(repository):
    repository.create("then")
    repository.put(".gitignore", b"new\n")
    repository.put("new/file", b"ignored by now\n")
    before = repository.restore("then").before
    assert (repository.root / "new/file").read_bytes() == b"untracked\n"
    repository.restore(before)
    assert (repository.root / "new/file").read_bytes() == b"ignored by now\n"


def test_before_the_first_commit(tmp_path):
    from tests.checkpoint.conftest import Repository

    fresh = Repository(tmp_path / "fresh")
    fresh.put("a", b"1")
    fresh.create()
    fresh.put("a", b"2")
    fresh.restore()
    assert (fresh.root / "a").read_bytes() == b"1"
    assert checkpoints(fresh.store)[-1].on == ""


def test_names_that_git_has_to_quote(repository):
    names = ("new\nline", '"quoted"', "back\\slash", "tab\t", "ünïcode", " space ", "-dash", "#")
    for name in names:
        repository.put(f"odd/{name}", name.encode())
    repository.put(os.fsdecode(b"odd/\xff\xfe"), b"no UTF-8")
    before = repository.files()
    repository.create()
    for path in (repository.root / "odd").iterdir():
        path.write_bytes(b"changed")
    repository.restore()
    assert repository.files() == before


def test_a_repository_inside_is_left_out_and_stays(repository):
    from tests.checkpoint.conftest import Repository

    inner = Repository(repository.root / "inner")
    inner.put("file", b"theirs\n")
    from hubctl.checkpoint.checkpoints import create
    from tests.checkpoint.conftest import NOON

    _name, contents = create(repository.store, RealFiles(), "", NOON)
    assert contents.left_out == ("inner/",)
    inner.put("file", b"changed\n")
    repository.put("a.txt", b"changed\n")
    repository.restore()
    assert (inner.root / "file").read_bytes() == b"changed\n"
    assert (repository.root / "a.txt").read_bytes() == b"one\r\ntwo"


@pytest.mark.parametrize("obstacle", ["ignored folder", "pipe", "link to a folder"])
def test_what_no_checkpoint_holds_is_never_lost(repository, obstacle):
    repository.create()
    (repository.root / "new/file").unlink()
    if obstacle == "ignored folder":
        repository.put("new/file/x.log", b"mine\n")
    elif obstacle == "pipe":
        os.mkfifo(repository.root / "new/file")
    else:
        (repository.root / "new").rmdir()
        repository.put(".gitignore", b"/new\n")
        (repository.root / "new").symlink_to("bin")
    before = repository.files() if obstacle != "pipe" else None
    with pytest.raises(ConflictError, match="in the way"):
        repository.restore()
    if before is not None:
        assert repository.files() == before
    assert len(checkpoints(repository.store)) == 1


def test_names_are_found_by_a_part_of_them(repository):
    with pytest.raises(UsageError, match="no checkpoint"):
        repository.restore("x")
    first = repository.create("Über die Brücke!  " + "x" * 80)
    assert first == "20260131T120000.000Z-uber-die-brucke-" + "x" * 24
    assert repository.create("same") + "-2" == repository.create("same")
    with pytest.raises(UsageError, match="fits 2 checkpoints"):
        repository.restore("sam")
    with pytest.raises(UsageError, match="is called 'nope'"):
        repository.restore("nope")


# -- interrupted, refused, raced -------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here and nothing cleans up."""


def steps(repository, kind):
    counted = []
    door = CountingFiles(SYSTEMS[kind](), lambda *step: counted.append(step))
    repository.restore("good", door)
    repository.restore("bad")
    return len(counted)


# File systems that cannot swap take more steps; every third one of them is enough to see.
@pytest.mark.parametrize(("kind", "stride"), [("swap", 1), ("hard-links", 3), ("plain", 3)])
def test_killed_at_any_step_it_is_finished_by_the_same_command(repository, kind, stride):
    good = repository.files()
    repository.create("good")
    disturb(repository)
    bad = repository.files()
    repository.create("bad")
    known = {*map(repr, good.items()), *map(repr, bad.items())}
    for last in range(1, steps(repository, kind) + 1, stride):
        name, wanted = ("good", good) if repository.files() == bad else ("-bad", bad)

        def kill(number, _name, _path, last=last):
            if number == last:
                raise Killed

        with pytest.raises(Killed):
            repository.restore(name, CountingFiles(SYSTEMS[kind](), kill))
        for path, entry in repository.files().items():
            assert "/.hubctl-" in f"/{path}" or repr((path, entry)) in known, (last, path)
        repository.restore(name)
        assert repository.files() == wanted, last


def test_a_full_disk_is_told_and_the_next_run_finishes(repository):
    import errno

    good = repository.files()
    repository.create("good")
    disturb(repository)
    bad = repository.files()
    with pytest.raises(OSError, match="refused"):
        repository.restore("good", failing(RealFiles(), 4, forever=True, code=errno.ENOSPC))
    assert set(repository.files()) <= {*good, *bad}
    repository.restore("good")
    assert repository.files() == good


def test_what_somebody_saves_meanwhile_stays(repository):
    repository.create("good")
    repository.put("a.txt", b"bad\n")
    repository.put("secret", b"bad\n", 0o600)

    def save():
        repository.put("secret", b"saved just now\n", 0o600)

    done = repository.restore("good", meanwhile(RealFiles(), 1, save))
    assert done.moved == ("secret",)
    assert (repository.root / "secret").read_bytes() == b"saved just now\n"
    assert (repository.root / "a.txt").read_bytes() == b"one\r\ntwo"


def test_a_real_kill_loses_nothing(repository, tmp_path):
    """SIGKILL from the system, at moments nobody chose."""
    for number in range(60):
        repository.put(f"many/{number}", b"good\n" * 200)
    good = repository.files()
    repository.create("good")
    for number in range(60):
        repository.put(f"many/{number}", b"bad\n" * 200)
    repository.create("bad")
    code = (
        "import signal, sys; signal.signal(signal.SIGALRM, signal.SIG_DFL)\n"
        "from hubctl.cli.main import main\n"
        "import hubctl.checkpoint.restore as r\n"
        "keep = r.keep_as_checkpoint\n"
        "def begin(*a):\n"
        "    signal.setitimer(signal.ITIMER_REAL, float(sys.argv[1])); return keep(*a)\n"
        "r.keep_as_checkpoint = begin\n"
        "sys.exit(main(['checkpoint', 'restore', 'good', '--yes', '--path', sys.argv[2]]))\n"
    )
    killed = 0
    for delay in ("0.01", "0.05", "0.1", "0.15"):
        command = [sys.executable, "-c", code, delay, str(repository.root)]
        env = {**os.environ, "HOME": str(tmp_path)}
        done = subprocess.run(command, env=env, capture_output=True, check=False, timeout=60)
        killed += done.returncode < 0
        for path in (repository.root / "many").iterdir():
            if not path.name.startswith(".hubctl-"):
                assert path.read_bytes() in (b"good\n" * 200, b"bad\n" * 200)
        repository.restore("good")
        assert repository.files() == good
        repository.restore("-bad")
    assert killed


def test_where_a_folder_was_a_link_to_itself_may_come_back(repository):
    build(repository, {"a": "a"})
    before = repository.files()
    name = repository.create()
    build(repository, {"a/b/c": (b"x", 0o644)})
    repository.restore(name)
    assert repository.files() == before


# -- any tree --------------------------------------------------------------------------------------

PARTS = st.sampled_from(["a", "b", "c", "ü"])
PATHS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)
FILES = st.tuples(st.binary(max_size=20), st.sampled_from([0o644, 0o755, 0o600, 0o444]))
LINKS = st.sampled_from(["a", "b/c", "nowhere"])
TREES = st.dictionaries(PATHS, st.one_of(FILES, LINKS), max_size=8)


def build(repository, tree):
    """Put a tree there in place of what stands; what cannot be together is left out."""
    for path in sorted(repository.root.rglob("*"), reverse=True):
        if ".git" not in path.relative_to(repository.root).parts:
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    for name, entry in sorted(tree.items()):
        place = repository.root / name
        if any(up.is_symlink() or up.is_file() for up in place.parents) or place.is_dir():
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(entry, str):
            place.symlink_to(entry)
        else:
            place.write_bytes(entry[0])
            place.chmod(entry[1])


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(TREES, TREES)
def test_any_tree_comes_back_from_any_other(repository, one, other):
    build(repository, one)
    before = repository.files()
    name = repository.create()
    build(repository, other)
    if repository.files() == before:
        return
    there = repository.files()
    again = repository.restore(name).before
    assert repository.files() == before
    repository.restore(again)
    assert repository.files() == there
