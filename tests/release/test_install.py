from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubctl.errors import OperationError
from hubctl.model.hashing import hash_bytes
from hubctl.release import InstalledRelease, install, status, verify
from hubctl.release import content as contents
from hubctl.release.install import KEPT
from hubctl.system.files import RealFiles
from hubctl.system.places import Places, find_places
from hubctl.system.process import run
from hubctl.system.wrappers import CountingFiles, ReadOnlyFiles
from tests.hooks.inputs import event_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubctl.system.process import Completed

DOOR = RealFiles()


@pytest.fixture
def places(tmp_path: Path) -> Places:
    root = tmp_path.resolve()
    return find_places(
        {
            "HOME": str(root),
            "XDG_DATA_HOME": str(root / "data"),
            "XDG_STATE_HOME": str(root / "state"),
        }
    )


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what is shipped, to be changed as a newer hubctl would have changed it."""
    folder = tmp_path / "package"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(contents.package_folder(), folder, ignore=ignored)
    monkeypatch.setattr(contents, "package_folder", lambda: str(folder))
    return folder


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of three modules, where only the steps of an install matter."""
    folder = tmp_path / "package"
    (folder / "families").mkdir(parents=True)
    for name in ("__init__.py", "run.py", "families/__init__.py"):
        (folder / name).write_text("x = 1\n")
    monkeypatch.setattr(contents, "package_folder", lambda: str(folder))
    return folder


def _change(package: Path, number: int) -> None:
    (package / "__init__.py").write_text(f'"""Version {number}."""\n')


@functools.cache
def _compiled(args: tuple[str, ...], text: str) -> Completed:
    return run(args, timeout=60, input=text)


def _once(
    args: Sequence[str],
    *,
    timeout: float,
    env: Mapping[str, str] | None = None,
    input: str = "",
    cwd: str | None = None,
) -> Completed:
    """Runs a compiler once for each text: here only the writing is of interest."""
    return _compiled(tuple(args), input)


def _install(places: Places, interpreter: str = sys.executable) -> InstalledRelease:
    return install(places, interpreter, DOOR, runner=_once)


def _current(places: Places) -> Path:
    return Path(places.releases) / "current"


def _runs(places: Places) -> bool:
    """Whether the release in use answers an event (there is no hub, so with nothing)."""
    program = [sys.executable, "-I", "-S", f"{places.releases}/current/run.py", "PreToolUse"]
    done = subprocess.run(
        program,
        input=event_text("PreToolUse").encode(),
        capture_output=True,
        check=False,
        env={"XDG_STATE_HOME": places.state},
        timeout=60,
    )
    return (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_an_install_is_a_whole_release_in_use(places: Places) -> None:
    done = _install(places)
    assert done.changed and done.previous == ""
    assert os.readlink(_current(places)) == done.name == done.version
    assert Path(done.folder).stat().st_mode & 0o777 == 0o700
    assert _runs(places)
    assert verify(places, DOOR) == verify(places, DOOR, full=True) == ()
    assert status(places, sys.executable, DOOR).up_to_date


def test_the_manifest_lists_every_file_as_it_is(places: Places) -> None:
    folder = Path(_install(places).folder)
    files = json.loads((folder / "manifest.json").read_text())["files"]
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert set(files) == found - {"manifest.json"}
    assert {"run.py", "launch", "hooks_shared/dispatch.py"} <= found
    for path, listed in files.items():
        data = (folder / path).read_bytes()
        assert listed["sha256"] == hash_bytes(data) and listed["size"] == len(data)
        assert listed["mode"] == f"{(folder / path).stat().st_mode & 0o7777:04o}"


def test_every_module_has_unchecked_bytecode_that_is_used(places: Places) -> None:
    folder = Path(_install(places).folder)
    sources = list((folder / "hooks_shared").rglob("*.py"))
    compiled = list((folder / "hooks_shared").rglob("*.pyc"))
    assert len(compiled) == len(sources) > 10
    assert {path.read_bytes()[4:8] for path in compiled} == {b"\1\0\0\0"}
    for path in sources:
        path.write_text("raise SystemExit(9)")
    assert _runs(places)


def test_a_second_install_does_nothing_and_starts_nothing(places: Places) -> None:
    first = _install(places)

    def never(*args: object, **more: object) -> Completed:
        raise AssertionError("a process was started")

    effects = CountingFiles(DOOR, lambda step, name, path: pytest.fail(f"{name} {path}"))
    second = install(places, sys.executable, effects, runner=never)
    assert second == replace(first, changed=False, previous=first.name)


def test_the_launcher_for_committed_settings_runs_the_release(places: Places) -> None:
    _install(places)
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
        _change(package, number)
        done = _install(places)
        assert done.previous == (names[-1] if names else "")
        names.append(done.name)
        assert _runs(places)
    assert len(set(names)) == KEPT + 3
    kept = {entry.name for entry in Path(places.releases).iterdir() if entry.is_dir()}
    assert kept - {"current"} == set(names[-KEPT - 1 :])
    assert status(places, sys.executable, DOOR).installed == tuple(reversed(names[-KEPT - 1 :]))


def test_going_back_to_a_kept_version_writes_no_files(places: Places, package: Path) -> None:
    _change(package, 1)
    first = _install(places)
    _change(package, 2)
    _install(places)
    _change(package, 1)
    again = _install(places)
    assert (again.name, again.changed) == (first.name, True)
    assert os.readlink(_current(places)) == first.name


def test_status_knows_that_another_version_is_wanted(places: Places, package: Path) -> None:
    _install(places)
    _change(package, 7)
    seen = status(places, sys.executable, DOOR)
    assert seen.version != seen.wanted and not seen.up_to_date and seen.findings == ()


DAMAGE = {
    "a module": lambda folder: (folder / "hooks_shared/store.py").write_text("pass"),
    "bytecode": lambda folder: next((folder / "hooks_shared").rglob("*.pyc")).write_bytes(b"x"),
    "the mode": lambda folder: (folder / "run.py").chmod(0o666),
    "a file gone": lambda folder: (folder / "run.py").unlink(),
    "a link": lambda folder: _replace_by_link(folder / "run.py"),
    "a file added": lambda folder: (folder / "hooks_shared/re.py").write_text(""),
    "the manifest": lambda folder: (folder / "manifest.json").write_text("{}"),
    "the manifest gone": lambda folder: (folder / "manifest.json").unlink(),
    "a folder gone": lambda folder: shutil.rmtree(folder / "hooks_shared/families"),
}


def _replace_by_link(path: Path) -> None:
    other = path.with_name("other")
    path.rename(other)
    path.symlink_to(other)


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_found_and_an_install_repairs_it(places: Places, kind: str, full: bool) -> None:
    first = _install(places)
    DAMAGE[kind](Path(first.folder))
    found = verify(places, DOOR, full=full)
    assert found and {finding.rule for finding in found} == {"release/tampered"}
    assert {finding.exit_code for finding in found} == {1}
    assert not status(places, sys.executable, DOOR).up_to_date
    repaired = _install(places)
    assert repaired.changed and repaired.name == f"{first.name}.2"
    assert verify(places, DOOR, full=True) == () and _runs(places)


def test_same_size_and_time_deceive_the_quick_check_only(places: Places) -> None:
    path = Path(_install(places).folder) / "hooks_shared" / "store.py"
    before = path.stat()
    path.write_bytes(b"#" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert verify(places, DOOR) == ()
    (finding,) = verify(places, DOOR, full=True)
    assert "store.py" in finding.message


def test_a_manifest_that_vouches_for_its_changes_is_not_believed(places: Places) -> None:
    folder = Path(_install(places).folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "run.py").write_text("evil")
    manifest["files"]["run.py"] |= {"sha256": hash_bytes(b"evil"), "size": 4}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (finding,) = verify(places, DOOR, full=True)
    assert "manifest.json" in finding.message


STATES = {
    "nothing": (lambda places: None, "release/missing"),
    "a folder": (lambda places: _current(places).mkdir(parents=True), "release/tampered"),
    "a link away": (lambda places: _lead(places, "/tmp/elsewhere"), "release/tampered"),
    "a link out": (lambda places: _lead(places, "../x"), "release/tampered"),
    "unrecorded": (lambda places: _lead(places, "other"), "release/unrecorded"),
}


def _lead(places: Places, destination: str) -> None:
    _current(places).parent.mkdir(parents=True, exist_ok=True)
    _current(places).symlink_to(destination)


@pytest.mark.parametrize("kind", STATES)
def test_what_stands_at_current_is_told_and_replaced(places: Places, kind: str) -> None:
    prepare, rule = STATES[kind]
    prepare(places)
    (finding,) = verify(places, DOOR)
    assert finding.rule == rule and "hubctl hooks install" in finding.hint
    _install(places)
    assert verify(places, DOOR, full=True) == () and _runs(places)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"format":2,"releases":[]}',
        '{"format":1,"releases":5}',
        '{"format":1,"releases":[5,{},{"name":"../x"}]}',
        "\x00",
    ],
)
def test_a_damaged_record_vouches_for_nothing(places: Places, text: str) -> None:
    first = _install(places)
    Path(places.state, "releases.json").write_text(text)
    (finding,) = verify(places, DOOR)
    assert finding.rule == "release/unrecorded"
    second = _install(places)
    assert second.name == f"{first.name}.2" and verify(places, DOOR, full=True) == ()


def test_the_record_cannot_make_us_remove_something_else(places: Places, package: Path) -> None:
    precious = Path(places.data) / "precious"
    precious.mkdir(parents=True)
    _install(places)
    path = Path(places.state, "releases.json")
    document = json.loads(path.read_text())
    (entry,) = document["releases"]
    entries = [{**entry, "name": "../precious"}, {**entry, "name": ".."}]
    entries += [{**entry, "name": f"x{n}"} for n in range(KEPT + 1)]
    path.write_text(json.dumps({"format": 1, "releases": [*entries, entry]}))
    _change(package, 1)
    _install(places)
    assert precious.is_dir() and Path(places.state).is_dir()


def test_a_changed_interpreter_is_found_and_an_install_repairs_it(
    places: Places, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    first = _install(places, str(python))
    assert status(places, str(python), DOOR).up_to_date
    python.write_text(f'#!/bin/sh\n# newer\nexec "{sys.executable}" "$@"\n')
    (finding,) = status(places, str(python), DOOR).findings
    assert finding.rule == "release/interpreter" and "which changed" in finding.message
    assert status(places, sys.executable, DOOR).findings
    again = _install(places, str(python))
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
    first = _install(places)
    python = tmp_path / "python"
    text = INTERPRETERS[kind]
    if text is not None:
        python.write_text(text)
        python.chmod(0o644 if kind == "not executable" else 0o755)
    with pytest.raises(OperationError):
        _install(places, str(python))
    assert os.readlink(_current(places)) == first.name
    assert verify(places, DOOR, full=True) == () and _runs(places)


def test_where_nothing_can_be_written_it_says_so(places: Places) -> None:
    with pytest.raises(OperationError, match="cannot install the hooks"):
        install(places, sys.executable, ReadOnlyFiles(DOOR))
    assert not Path(places.releases).exists()


class Killed(BaseException):
    """Stands for SIGKILL: nothing catches it."""


def _steps(places: Places) -> int:
    door = CountingFiles(DOOR, lambda step, name, path: None)
    install(places, sys.executable, door, runner=_once)
    return door.steps


def _killed_at(places: Places, at: int) -> None:
    def before(step: int, name: str, path: str) -> None:
        if step == at:
            raise Killed

    with contextlib.suppress(Killed):
        install(places, sys.executable, CountingFiles(DOOR, before), runner=_once)


def test_a_kill_at_any_step_leaves_the_old_or_the_new_release(
    places: Places, tmp_path: Path, small: Path
) -> None:
    _change(small, 1)
    old = _install(places).name
    saved = tmp_path / "saved"
    shutil.copytree(tmp_path / "data", saved / "data", symlinks=True)
    shutil.copytree(tmp_path / "state", saved / "state", symlinks=True)
    _change(small, 2)
    steps = _steps(places)
    new = os.readlink(_current(places))
    seen = set()
    assert steps > 20
    for at in range(1, steps + 1):
        _restore(saved, tmp_path)
        _killed_at(places, at)
        name = os.readlink(_current(places))
        seen.add(name)
        assert verify(places, DOOR, full=True) == ()
        again = _install(places)
        assert again.version == new and verify(places, DOOR, full=True) == ()
        left = {entry.name for entry in Path(places.releases).iterdir()}
        assert not any(entry.startswith(".staged") for entry in left)
    assert seen == {old, new}


def _restore(saved: Path, root: Path) -> None:
    for name in ("data", "state"):
        shutil.rmtree(root / name)
        shutil.copytree(saved / name, root / name, symlinks=True, copy_function=shutil.copy2)


@pytest.mark.usefixtures("small")
def test_a_kill_during_the_first_install_leaves_none_or_a_whole_one(
    places: Places, tmp_path: Path
) -> None:
    steps = _steps(places)
    for at in range(1, steps + 1):
        for name in ("data", "state"):
            shutil.rmtree(tmp_path / name)
        _killed_at(places, at)
        rules = {finding.rule for finding in verify(places, DOOR, full=True)}
        assert rules in (set(), {"release/missing"})
        _install(places)
        assert verify(places, DOOR, full=True) == ()


def test_two_installs_at_once_are_one_after_the_other(places: Places) -> None:
    code = (
        "import sys; from hubctl.release import install; from hubctl.system.files import RealFiles;"
        "from hubctl.system.places import find_places;"
        "print(install(find_places(), sys.executable, RealFiles()).name)"
    )
    environment = {
        **os.environ,
        "HOME": places.home,
        "XDG_DATA_HOME": str(Path(places.data).parent),
        "XDG_STATE_HOME": str(Path(places.state).parent),
    }
    running = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment)
        for _ in range(3)
    ]
    names = {process.communicate(timeout=60)[0] for process in running}
    assert len(names) == 1 and all(process.returncode == 0 for process in running)
    assert verify(places, DOOR, full=True) == ()
