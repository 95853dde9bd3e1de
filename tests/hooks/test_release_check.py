"""Cases of hooks_shared/families/release/release_check.py, in a release that hubctl installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hubctl.release.choose import install
from hubctl.system.files import RealFiles
from hubctl.system.hooks_package import places, registry
from hubctl.system.places import find_places
from tests.hooks.inputs import event_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubctl.system.places import Places

ROW = registry.find("release_check")
PROGRAM = (
    "import sys,time,json;sys.path.insert(0,sys.argv[1]);"
    "from hooks_shared.families.release.release_check import decide;"
    "from hooks_shared.context import Context;from hooks_shared.contract import Event;"
    "c=Context('release-check',{},'/x',sys.argv[2],'s');t=time.process_time();"
    "v=decide(Event({}),c);print(json.dumps([v is None,time.process_time()-t]))"
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An account with a release in it; tests work on copies."""
    root = tmp_path_factory.mktemp("release").resolve()
    install(_places(root), sys.executable, RealFiles())
    return root


def _places(root: Path) -> Places:
    variables = {"XDG_DATA_HOME": root / "data", "XDG_STATE_HOME": root / "state"}
    return find_places({"HOME": str(root), **{key: str(path) for key, path in variables.items()}})


@pytest.fixture
def account(whole: Path, tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "account"
    shutil.copytree(whole, root, symlinks=True)
    return root


def _release(root: Path) -> Path:
    return (Path(_places(root).releases) / "current").resolve()


def _start(root: Path, **options: Any) -> dict[str, Any]:
    """What a session is told at its start."""
    assert ROW is not None
    hooks = f"{_places(root).state}/team/{places.HOOKS}"
    folder = Path(places.repository_folder(hooks, str(root)))
    folder.mkdir(parents=True, exist_ok=True)
    row = {key: getattr(ROW, key) for key in ("id", "module", "order", "deadline", "on_error")}
    row |= {"lane": "open", "tools": [], "options": {**ROW.options, **options}}
    document = {"format": 1, "hub": "team", "target": "x", "events": {"SessionStart": [row]}}
    (folder / places.REGISTRY).write_text(json.dumps(document))
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(_release(root) / "run.py"), "SessionStart", "open"],
        input=event_text("SessionStart"),
        env={
            "HOME": str(root),
            "XDG_STATE_HOME": str(root / "state"),
            "CLAUDE_PROJECT_DIR": str(root),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    found: dict[str, Any] = json.loads(done.stdout) if done.stdout else {}
    return found


def test_a_whole_release_is_not_mentioned(account: Path) -> None:
    assert _start(account) == {}


TAMPERED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a module": (
        lambda f: (f / "hooks_shared/rules.py").write_text("x = 1\n"),
        "rules.py was changed",
    ),
    "a mode": (lambda f: (f / "hooks_shared/rules.py").chmod(0o666), "rules.py was changed"),
    "a time": (lambda f: os.utime(f / "hooks_shared/rules.py"), "rules.py was changed"),
    "gone": (lambda f: (f / "hooks_shared/registry.py").unlink(), "registry.py is gone"),
    "added": (lambda f: (f / "hooks_shared/re.py").write_text(""), "re.py was added"),
    "a link": (lambda f: _link(f / "hooks_shared/rules.py"), "rules.py was changed"),
}


def _link(path: Path) -> None:
    other = path.parents[2] / "elsewhere.py"
    path.rename(other)
    path.symlink_to(other)


@pytest.mark.parametrize("kind", TAMPERED)
def test_tampering_is_told(account: Path, kind: str) -> None:
    tamper, told = TAMPERED[kind]
    tamper(_release(account))
    found = _start(account)
    assert told in found["systemMessage"] and "hubctl hooks verify" in found["systemMessage"]
    assert told in found["hookSpecificOutput"]["additionalContext"]


def test_by_policy_only_the_user_is_told(account: Path) -> None:
    (_release(account) / "launch").unlink()
    assert list(_start(account, tell="user")) == ["systemMessage"]


@pytest.mark.parametrize(
    "text", [None, "", "{", '{"releases": 5}', '{"releases": [{"name": "x"}]}']
)
def test_a_release_on_no_record_is_told(account: Path, text: str | None) -> None:
    record = Path(_places(account).state) / "releases.json"
    record.unlink() if text is None else record.write_text(text)
    assert "on no record" in _start(account)["systemMessage"]


def test_many_changes_are_counted(account: Path) -> None:
    for path in list((_release(account) / "hooks_shared/shell").glob("*.py")):
        path.write_text("")
    assert " more" in _start(account)["systemMessage"]


def test_the_check_takes_at_most_fifteen_milliseconds(account: Path) -> None:
    state = f"{_places(account).state}/team/hooks"
    best = 1.0
    deadline = time.monotonic() + 30
    while best > 0.015 and time.monotonic() < deadline:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", PROGRAM, str(_release(account)), state],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        is_whole, seconds = json.loads(done.stdout)
        assert is_whole
        best = min(best, seconds)
    assert best <= 0.015
