"""A recording that still holds means: whoever looks again sees the same."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.system.real_paths import RealPaths
from hubctl.system.recording import RecordingFiles
from hubctl.system.states import Present, Recording

NAMES = st.sampled_from(["a", "b", "link"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
LOOKS = st.lists(
    st.tuples(st.sampled_from(["look", "read", "follow", "list", "resolve"]), PATHS),
    min_size=1,
    max_size=8,
)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(
            ["write", "rewrite", "remove", "mkdir", "link", "chmod", "move-and-link", "swap"]
        ),
        PATHS,
        PATHS,
    ),
    max_size=3,
)


def seen(door, how, path):
    """What one look tells of a path: everything that somebody above could go by."""
    try:
        if how == "look":
            found = door.look(path)
            if found is None or found.kind == "folder":
                return found and found.kind
            return (found.kind, found.mode, found.size, found.destination)
        if how in ("read", "follow"):
            return door.read(path, follow=how == "follow")
        return door.list(path) if how == "list" else door.resolve(path)
    except OSError as error:
        # A file where a folder should be is as good as nothing to whoever wants what is below.
        return errno.ENOENT if error.errno == errno.ENOTDIR else error.errno


def change(base, how, path, other):
    """One thing that somebody may do to a tree; what is impossible is left out."""
    place, second = base / path, base / other
    try:
        if how == "write":
            place.write_text(f"now {other}")
        elif how == "rewrite":  # as long as before, and the time put back
            found = place.stat()
            place.write_bytes(b"x" * found.st_size)
            os.utime(place, ns=(found.st_atime_ns, found.st_mtime_ns))
        elif how == "remove":
            place.rmdir() if place.is_dir() and not place.is_symlink() else place.unlink()
        elif how == "mkdir":
            place.mkdir(parents=True)
        elif how == "link":
            place.symlink_to(second)
        elif how == "chmod":
            place.chmod(0o755)
        elif how == "move-and-link":  # the same files, behind a link
            moved = base / f"moved-{len(list(base.iterdir()))}"
            place.rename(moved)
            place.symlink_to(moved)
        else:
            third = base / "third"
            place.rename(third)
            second.rename(place)
            third.rename(second)
    except OSError:
        return


def tick(base):
    """Wait until the file system's clock has moved on, as `is_settled` makes sure of."""
    probe = base / ".probe"
    probe.touch()
    before = probe.stat().st_ctime_ns
    while probe.stat().st_ctime_ns == before:
        probe.touch()
    probe.unlink()


def make_tree(base):
    (base / "a/b").mkdir(parents=True)
    (base / "a/b/a").write_text("one")
    (base / "a/a").write_text("two")
    (base / "b").write_text("three")
    (base / "link").symlink_to("a")
    (base / "a/link").symlink_to("../b")


@settings(max_examples=100, deadline=None)
@given(looks=LOOKS, changes=CHANGES)
def test_what_holds_is_what_is_seen(looks, changes):
    with tempfile.TemporaryDirectory() as name:
        base = Path(name).resolve()
        make_tree(base)
        tick(base)
        door = RecordingFiles(RealPaths())
        first = [seen(door, how, f"{base}/{path}") for how, path in looks]
        packed = door.seen.pack(str(base))
        tick(base)
        for one in changes:
            change(base, *one)
        if Present(RealPaths()).holds(packed, str(base)):
            again = RecordingFiles(RealPaths())
            assert [seen(again, how, f"{base}/{path}") for how, path in looks] == first


@settings(max_examples=50, deadline=None)
@given(looks=LOOKS)
def test_what_did_not_change_holds(looks):
    with tempfile.TemporaryDirectory() as name:
        base = Path(name).resolve()
        make_tree(base)
        door = RecordingFiles(RealPaths())
        for how, path in looks:
            seen(door, how, f"{base}/{path}")
        assert Present(RealPaths()).holds(door.seen.pack(str(base)), str(base))


@pytest.mark.parametrize("how", ["look", "read", "list"])
def test_what_was_looked_at_through_a_link_is_lost_with_the_link(tmp_path, how):
    base = tmp_path.resolve()
    for name in ("one", "two"):
        (base / name).mkdir()
        (base / name / "x").write_text("same")
    (base / "link").symlink_to("one")
    door = RecordingFiles(RealPaths())
    seen(door, how, f"{base}/link" if how == "list" else f"{base}/link/x")
    packed = door.seen.pack(str(base))
    assert Present(RealPaths()).holds(packed, str(base))
    (base / "link").unlink()
    (base / "link").symlink_to("two")
    assert not Present(RealPaths()).holds(packed, str(base))


def test_every_link_of_a_chain_counts(tmp_path):
    base = tmp_path.resolve()
    for name in ("one", "two"):
        (base / name).write_text(name)
    (base / "inner").symlink_to("one")
    (base / "outer").symlink_to("inner")
    door = RecordingFiles(RealPaths())
    assert door.read(f"{base}/outer") == b"one"
    packed = door.seen.pack(str(base))
    (base / "inner").unlink()
    (base / "inner").symlink_to("two")
    assert not Present(RealPaths()).holds(packed, str(base))


def test_a_folder_may_fill_up_unless_its_names_were_read(tmp_path):
    base = tmp_path.resolve()
    (base / "folder").mkdir()
    looked, listed = RecordingFiles(RealPaths()), RecordingFiles(RealPaths())
    looked.look(f"{base}/folder")
    listed.list(f"{base}/folder")
    tick(base)
    (base / "folder/new").touch()
    assert Present(RealPaths()).holds(looked.seen.pack(str(base)), str(base))
    assert not Present(RealPaths()).holds(listed.seen.pack(str(base)), str(base))


@pytest.mark.parametrize(("age", "settled"), [(0, False), (999_999_999, False), (1 << 31, True)])
def test_only_what_lies_back_far_enough_is_settled(tmp_path, age, settled):
    path = tmp_path.resolve() / "file"
    path.touch()
    door = RecordingFiles(RealPaths())
    door.read(str(path))
    assert door.seen.is_settled(path.stat().st_ctime_ns + age) is settled


def test_a_fresh_folder_that_was_listed_is_not_settled(tmp_path):
    path = tmp_path.resolve() / "folder"
    path.mkdir()
    door = RecordingFiles(RealPaths())
    door.list(str(path))
    assert not door.seen.is_settled(path.stat().st_ctime_ns)
    assert Recording().is_settled(0)


def test_a_recording_goes_on_where_another_ended(tmp_path):
    base = tmp_path.resolve()
    first = RecordingFiles(RealPaths())
    assert first.look(f"{base}/file") is None
    (base / "file").touch()
    second = RecordingFiles(RealPaths(), first.seen)
    second.look(f"{base}/file")
    assert not Present(RealPaths()).holds(second.seen.pack(str(base)), str(base))


def test_nothing_is_written_through_it(tmp_path):
    door = RecordingFiles(RealPaths())
    with pytest.raises(OSError, match="does not write"):
        door.write(f"{tmp_path}/x", b"", 0o600)
