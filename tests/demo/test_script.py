"""The demo's honesty: what does not hold ends it, and what it compares is really compared."""

from __future__ import annotations

import pytest

from hubctl.demo.script import Prints, Proves, Says, Stage, Types, play
from hubctl.demo.snapshot import differences, take_snapshot
from hubctl.errors import OperationError
from hubctl.system.files import RealFiles
from hubctl.system.process import Completed


class Pretended:
    """A demo world whose hubctl always ends in one way, and whose files change when it runs."""

    def __init__(self, home, code, *, meddles=False):
        self.home = str(home)
        self.door = RealFiles()
        self.look = {}
        self._code = code
        self._meddles = meddles

    def build(self):
        (self._path / "mine").write_text("mine\n")

    @property
    def _path(self):
        from pathlib import Path

        return Path(self.home)

    def hubctl(self, *arguments):
        if self._meddles:
            (self._path / "mine").write_text("changed\n")
        return Completed(args=arguments, returncode=self._code, stdout="out\n", stderr="err\n")


def test_a_command_that_ends_otherwise_ends_the_demo(tmp_path):
    with pytest.raises(OperationError, match="`hubctl validate` ended with 70, not 0:\nerr"):
        list(play(Pretended(tmp_path, 70), "build"))


def test_a_command_is_told_before_it_runs_and_its_output_after(tmp_path):
    beats = list(Stage(world=Pretended(tmp_path, 1)).hubctl("drift", code=1))
    assert beats == [Types(command="hubctl drift"), Prints(text="out\nerr\n", exit_code=1)]


def test_a_plan_that_writes_is_caught(tmp_path):
    with pytest.raises(OperationError, match="not plan wrote nothing:\n  mine"):
        list(play(Pretended(tmp_path, 0, meddles=True), "plan"))


def test_what_holds_is_proved(tmp_path):
    beats = list(play(Pretended(tmp_path, 0), "plan"))
    assert isinstance(beats[-1], Proves)
    assert any(isinstance(beat, Says) and str(tmp_path) in beat.text for beat in beats)


def change_bytes(root):
    (root / "a").write_text("b")


def change_mode(root):
    (root / "a").chmod(0o755)


def change_link(root):
    (root / "l").unlink()
    (root / "l").symlink_to("b")


def remove_file(root):
    (root / "a").unlink()


def make_folder(root):
    (root / "new").mkdir()


def change_exclude(root):
    (root / "api/.git/info/exclude").write_text("x")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (change_bytes, "a"),
        (change_mode, "a"),
        (change_link, "l"),
        (remove_file, "a"),
        (make_folder, "new"),
        (change_exclude, "api/.git/info/exclude"),
    ],
)
def test_every_kind_of_change_shows_in_a_snapshot(tmp_path, change, path):
    for folder in ("api/.git/info", "api/.git/objects", ".local/state"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "a").write_text("a")
    (tmp_path / "l").symlink_to("a")
    before = take_snapshot(RealFiles(), str(tmp_path))
    (tmp_path / "api/.git/objects/x").write_text("git's own")
    (tmp_path / ".local/state/x").write_text("hubctl's own")
    assert differences(before, take_snapshot(RealFiles(), str(tmp_path))) == ()
    change(tmp_path)
    assert differences(before, take_snapshot(RealFiles(), str(tmp_path))) == (path,)
