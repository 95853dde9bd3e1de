from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubctl.model.hashing import hash_bytes
from hubctl.release.install import KEPT
from hubctl.release.status import status
from hubctl.release.verify import verify
from tests.release.machine import DOOR, change, current, installed, runs

if TYPE_CHECKING:
    from hubctl.system.places import Places

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
    first = installed(places)
    DAMAGE[kind](Path(first.folder))
    found = verify(places, DOOR, full=full)
    assert found and {finding.rule for finding in found} == {"release/tampered"}
    assert {finding.exit_code for finding in found} == {1}
    assert not status(places, sys.executable, DOOR).up_to_date
    repaired = installed(places)
    assert repaired.changed and repaired.name == f"{first.name}.2"
    assert verify(places, DOOR, full=True) == () and runs(places)


def test_same_size_and_time_deceive_the_quick_check_only(places: Places) -> None:
    path = Path(installed(places).folder) / "hooks_shared" / "store.py"
    before = path.stat()
    path.write_bytes(b"#" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert verify(places, DOOR) == ()
    (finding,) = verify(places, DOOR, full=True)
    assert "store.py" in finding.message


def test_a_manifest_that_vouches_for_its_changes_is_not_believed(places: Places) -> None:
    folder = Path(installed(places).folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "run.py").write_text("evil")
    manifest["files"]["run.py"] |= {"sha256": hash_bytes(b"evil"), "size": 4}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (finding,) = verify(places, DOOR, full=True)
    assert "manifest.json" in finding.message


STATES = {
    "nothing": (lambda places: None, "release/missing"),
    "a folder": (lambda places: current(places).mkdir(parents=True), "release/tampered"),
    "a link away": (lambda places: _lead(places, "/tmp/elsewhere"), "release/tampered"),
    "a link out": (lambda places: _lead(places, "../x"), "release/tampered"),
    "unrecorded": (lambda places: _lead(places, "other"), "release/unrecorded"),
}


def _lead(places: Places, destination: str) -> None:
    current(places).parent.mkdir(parents=True, exist_ok=True)
    current(places).symlink_to(destination)


@pytest.mark.parametrize("kind", STATES)
def test_what_stands_at_current_is_told_and_replaced(places: Places, kind: str) -> None:
    prepare, rule = STATES[kind]
    prepare(places)
    (finding,) = verify(places, DOOR)
    assert finding.rule == rule and "hubctl hooks install" in finding.hint
    installed(places)
    assert verify(places, DOOR, full=True) == () and runs(places)


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
    first = installed(places)
    Path(places.state, "releases.json").write_text(text)
    (finding,) = verify(places, DOOR)
    assert finding.rule == "release/unrecorded"
    second = installed(places)
    assert second.name == f"{first.name}.2" and verify(places, DOOR, full=True) == ()


def test_the_record_cannot_make_us_remove_something_else(places: Places, package: Path) -> None:
    precious = Path(places.data) / "precious"
    precious.mkdir(parents=True)
    installed(places)
    path = Path(places.state, "releases.json")
    document = json.loads(path.read_text())
    (entry,) = document["releases"]
    entries = [{**entry, "name": "../precious"}, {**entry, "name": ".."}]
    entries += [{**entry, "name": f"x{n}"} for n in range(KEPT + 1)]
    path.write_text(json.dumps({"format": 1, "releases": [*entries, entry]}))
    change(package, 1)
    installed(places)
    assert precious.is_dir() and Path(places.state).is_dir()
