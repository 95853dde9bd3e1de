"""Trials of hooks: the real dispatcher in a made-up account, once for each case, some at a time.

A ground is a folder with a release in it; every trial has a home, a project and a state folder of
its own there. Nothing of this account is seen or written.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubctl.system.hooks_package import places
from hubctl.system.process import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SECONDS = 60.0
_AT_ONCE = 4
_BIG = 20_000  # characters that stand for `{big}`
_HUB = "trial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One run: the event's name and lane, its text, and what surrounds it.

    `registry` is the text of the compiled registry, None for a state folder that is none.
    """

    event: str
    lane: str
    stdin: str
    registry: str | None
    files: Mapping[str, str]
    env: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a trial ended with; seconds of the whole process."""

    code: int
    stdout: str
    stderr: str
    seconds: float


@contextmanager
def trial_ground(files: Mapping[str, bytes]) -> Iterator[str]:
    """A temporary folder with a release made of these files."""
    root = os.path.realpath(tempfile.mkdtemp(prefix="hubctl-hooks-"))
    try:
        for path, data in files.items():
            _write(f"{root}/release/{path}", data)
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def try_all(ground: str, interpreter: str, trials: Iterable[Trial]) -> list[Answer]:
    """The answers, in order."""
    numbered = list(enumerate(trials))
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return list(pool.map(lambda one: _try(ground, interpreter, *one), numbered))


def _try(ground: str, interpreter: str, number: int, trial: Trial) -> Answer:
    import time

    home = f"{ground}/{number}/home"
    project = f"{home}/src/app"
    os.makedirs(f"{project}/.git")
    for path, text in trial.files.items():
        place = f"{home}/{path[2:]}" if path.startswith("~/") else f"{project}/{path}"
        _write(place, _filled(text, home, project).encode("utf-8"))
    state = f"{ground}/{number}/state"
    _make_state(state, project, trial.registry)
    arguments = [trial.event, *([trial.lane] if trial.lane else [])]
    started = time.perf_counter()
    done = run(
        (interpreter, "-I", "-S", f"{ground}/release/run.py", *arguments),
        timeout=_SECONDS,
        env=_environment(home, project, state, trial.env),
        input=_filled(trial.stdin, home, project),
        cwd=project,
    )
    seconds = time.perf_counter() - started
    shutil.rmtree(f"{ground}/{number}", ignore_errors=True)
    return Answer(code=done.returncode, stdout=done.stdout, stderr=done.stderr, seconds=seconds)


def _make_state(state: str, project: str, registry: str | None) -> None:
    if registry is None:
        _write(state, b"this is no folder")
        return
    hooks = f"{state}/hubctl/{_HUB}/{places.HOOKS}"
    _write(f"{places.repository_folder(hooks, project)}/{places.REGISTRY}", registry.encode())


def _environment(home: str, project: str, state: str, more: Mapping[str, Any]) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LANG": "C.UTF-8",
        "HOME": home,
        "TMPDIR": f"{home}/tmp",  # noqa: S108 - one of the trial's own
        "XDG_STATE_HOME": state,
        "CLAUDE_PROJECT_DIR": project,
        **{key: _filled(str(value), home, project) for key, value in more.items()},
    }


def event_text(data: Mapping[str, Any]) -> str:
    """An event as the client writes it, with the fields that it always has."""
    common = {
        "session_id": "trial",
        "transcript_path": "{home}/.claude/projects/app/trial.jsonl",
        "cwd": "{project}",
        "permission_mode": "default",
    }
    return json.dumps({**common, **data}) + "\n"


def _filled(text: str, home: str, project: str) -> str:
    filled = text.replace("{project}", project).replace("{home}", home)
    return filled.replace("{big}", "x" * _BIG) if "{big}" in text else filled


def _write(path: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as stream:
        stream.write(data)
