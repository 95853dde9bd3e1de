from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubctl.errors import OperationError
from hubctl.model.hashing import hash_bytes
from hubctl.release.choose import install
from hubctl.release.install import KEPT
from hubctl.release.status import status
from hubctl.release.verify import verify
from hubctl.system.wrappers import CountingFiles, ReadOnlyFiles
from tests.hooks.inputs import event_text
from tests.release.machine import DOOR, change, current, installed, runs

if TYPE_CHECKING:
    from hubctl.system.places import Places
    from hubctl.system.process import Completed


def test_an_install_is_a_whole_release_in_use(places: Places) -> None:
    done = installed(places)
    assert done.changed and done.previous == ""
    assert os.readlink(current(places)) == done.name == done.version
    assert Path(done.folder).stat().st_mode & 0o777 == 0o700
    assert runs(places)
    assert verify(places, DOOR) == verify(places, DOOR, full=True) == ()
    assert status(places, sys.executable, DOOR).up_to_date


def test_the_manifest_lists_every_file_as_it_is(places: Places) -> None:
    folder = Path(installed(places).folder)
    files = json.loads((folder / "manifest.json").read_text())["files"]
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert set(files) == found - {"manifest.json"}
    assert {"run.py", "launch", "hooks_shared/dispatch.py"} <= found
    for path, listed in files.items():
        data = (folder / path).read_bytes()
        assert listed["sha256"] == hash_bytes(data) and listed["size"] == len(data)
        assert listed["mode"] == f"{(folder / path).stat().st_mode & 0o7777:04o}"


def test_every_module_has_unchecked_bytecode_that_is_used(places: Places) -> None:
    folder = Path(installed(places).folder)
    sources = list((folder / "hooks_shared").rglob("*.py"))
    compiled = list((folder / "hooks_shared").rglob("*.pyc"))
    assert len(compiled) == len(sources) > 10
    assert {path.read_bytes()[4:8] for path in compiled} == {b"\1\0\0\0"}
    for path in sources:
        path.write_text("raise SystemExit(9)")
    assert runs(places)


def test_a_second_install_does_nothing_and_starts_nothing(places: Places) -> None:
    first = installed(places)

    def never(*args: object, **more: object) -> Completed:
        raise AssertionError("a process was started")

    effects = CountingFiles(DOOR, lambda step, name, path: pytest.fail(f"{name} {path}"))
    second = install(places, sys.executable, effects, runner=never)
    assert second == replace(first, changed=False, previous=first.name)


def test_the_launcher_for_committed_settings_runs_the_release(places: Places) -> None:
    installed(places)
    launch = f"{places.releases}/current/launch"
    done = subprocess.run(
        [launch, "PreToolUse", "project"],
        input=event_text("PreToolUse").encode(),
        capture_output=True,
        check=False,
        env={"XDG_STATE_HOME": places.state},
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_new_version_replaces_the_old_and_five_are_kept(places: Places, package: Path) -> None:
    names = []
    for number in range(KEPT + 3):
        change(package, number)
        done = installed(places)
        assert done.previous == (names[-1] if names else "")
        names.append(done.name)
        assert runs(places)
    assert len(set(names)) == KEPT + 3
    kept = {entry.name for entry in Path(places.releases).iterdir() if entry.is_dir()}
    assert kept - {"current"} == set(names[-KEPT - 1 :])
    assert status(places, sys.executable, DOOR).installed == tuple(reversed(names[-KEPT - 1 :]))


def test_going_back_to_a_kept_version_writes_no_files(places: Places, package: Path) -> None:
    change(package, 1)
    first = installed(places)
    change(package, 2)
    installed(places)
    change(package, 1)
    again = installed(places)
    assert (again.name, again.changed) == (first.name, True)
    assert os.readlink(current(places)) == first.name


def test_status_knows_that_another_version_is_wanted(places: Places, package: Path) -> None:
    installed(places)
    change(package, 7)
    seen = status(places, sys.executable, DOOR)
    assert seen.version != seen.wanted and not seen.up_to_date and seen.findings == ()


def test_a_changed_interpreter_is_found_and_an_install_repairs_it(
    places: Places, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    first = installed(places, str(python))
    assert status(places, str(python), DOOR).up_to_date
    python.write_text(f'#!/bin/sh\n# newer\nexec "{sys.executable}" "$@"\n')
    (finding,) = status(places, str(python), DOOR).findings
    assert finding.rule == "release/interpreter" and "which changed" in finding.message
    assert status(places, sys.executable, DOOR).findings
    again = installed(places, str(python))
    assert not again.changed and again.name == first.name
    python.unlink()
    (finding,) = status(places, str(python), DOOR).findings
    assert finding.rule == "release/interpreter" and "not there" in finding.message


INTERPRETERS = {
    "missing": None,
    "not executable": "x",
    "no python": "#!/bin/sh\nexit 1\n",
    "too old": "#!/bin/sh\necho 'SyntaxError: invalid syntax' >&2\nexit 1\n",
}


@pytest.mark.parametrize("kind", INTERPRETERS)
def test_an_unusable_interpreter_leaves_the_release_in_use(
    places: Places, tmp_path: Path, kind: str
) -> None:
    first = installed(places)
    python = tmp_path / "python"
    text = INTERPRETERS[kind]
    if text is not None:
        python.write_text(text)
        python.chmod(0o644 if kind == "not executable" else 0o755)
    with pytest.raises(OperationError):
        installed(places, str(python))
    assert os.readlink(current(places)) == first.name
    assert verify(places, DOOR, full=True) == () and runs(places)


def test_where_nothing_can_be_written_it_says_so(places: Places) -> None:
    with pytest.raises(OperationError, match="cannot install the hooks"):
        install(places, sys.executable, ReadOnlyFiles(DOOR))
    assert not Path(places.releases).exists()
