"""Everything that can break between the settings line and a hook, as data."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hooks.world import World


def _truncate(path: Path, share: float) -> None:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def _each_truncated(name: str) -> dict[str, Callable[[World], None]]:
    def at(share: float) -> Callable[[World], None]:
        return lambda world: _truncate(world.package / name, share)

    return {f"{name} cut at {share:.0%}": at(share) for share in (0.0, 0.2, 0.5, 0.7, 0.95)}


def _unreadable(path: Path) -> None:
    """Not even root can read what is no file any more."""
    path.unlink()
    path.mkdir()


def _interpreter(world: World, text: str) -> None:
    """Put another program where the launcher expects its Python."""
    path = Path(world.machine.interpreter)
    path.write_text(text)
    path.chmod(0o755)


BREAKAGES: dict[str, Callable[[World], None]] = {
    "release gone": lambda w: shutil.rmtree(w.release),
    "run.py gone": lambda w: (w.release / "run.py").unlink(),
    "run.py empty": lambda w: (w.release / "run.py").write_text(""),
    "run.py a folder": lambda w: _unreadable(w.release / "run.py"),
    "run.py broken syntax": lambda w: (w.release / "run.py").write_text("def ("),
    "run.py only a docstring": lambda w: (w.release / "run.py").write_text('"""Hello."""\n'),
    "run.py binary": lambda w: (w.release / "run.py").write_bytes(b"\x00\xff\x7fELF"),
    "run.py exits 0": lambda w: (w.release / "run.py").write_text("raise SystemExit(0)"),
    "run.py exits 2": lambda w: (w.release / "run.py").write_text("raise SystemExit(2)"),
    "run.py kills itself": lambda w: (w.release / "run.py").write_text(
        "import os; os.kill(os.getpid(), 9)"
    ),
    "run.py cut in half": lambda w: _truncate(w.release / "run.py", 0.5),
    "run.py cut near its end": lambda w: _truncate(w.release / "run.py", 0.8),
    "package gone": lambda w: shutil.rmtree(w.package),
    "package a file": lambda w: (shutil.rmtree(w.package), w.package.write_text(""))[0],
    "package without __init__": lambda w: shutil.rmtree(w.package / "__init__.py", True),
    "dispatch.py gone": lambda w: (w.package / "dispatch.py").unlink(),
    "contract.py gone": lambda w: (w.package / "contract.py").unlink(),
    "store.py gone": lambda w: (w.package / "store.py").unlink(),
    "isolate.py raises": lambda w: (w.package / "isolate.py").write_text("1 / 0"),
    "interpreter gone": lambda w: Path(w.machine.interpreter).unlink(),
    "interpreter not executable": lambda w: Path(w.machine.interpreter).chmod(0o644),
    "interpreter a folder": lambda w: _unreadable(Path(w.machine.interpreter)),
    "interpreter exits 0": lambda w: _interpreter(w, "#!/bin/sh\nexit 0\n"),
    "interpreter exits 1": lambda w: _interpreter(w, "#!/bin/sh\nexit 1\n"),
    "interpreter exits 2": lambda w: _interpreter(w, "#!/bin/sh\necho Unknown >&2; exit 2\n"),
    "interpreter needs another": lambda w: _interpreter(w, "#!/nowhere/python\n"),
    "interpreter crashes": lambda w: _interpreter(w, "#!/bin/sh\nkill -SEGV $$\n"),
    "interpreter no program": lambda w: _interpreter(w, "\x7fELF broken"),
    "registry gone": lambda w: (w.own / "registry.json").unlink(),
    "registry empty": lambda w: (w.own / "registry.json").write_text(""),
    "registry cut": lambda w: _truncate(w.own / "registry.json", 0.5),
    "registry a folder": lambda w: _unreadable(w.own / "registry.json"),
    "registry of another format": lambda w: (w.own / "registry.json").write_text('{"format":2}'),
    "state gone": lambda w: shutil.rmtree(w.state),
    "state a file": lambda w: (shutil.rmtree(w.state), w.state.write_text(""))[0],
    "hook gone": lambda w: (w.package / w.guard).unlink(),
    "hook empty": lambda w: (w.package / w.guard).write_text(""),
    "hook broken syntax": lambda w: (w.package / w.guard).write_text("def ("),
    "hook a folder": lambda w: _unreadable(w.package / w.guard),
    "hook ends the process": lambda w: (w.package / w.guard).write_text(
        "import os\ndef decide(e, c):\n    os._exit(0)\n"
    ),
    "hook family gone": lambda w: shutil.rmtree(w.package / "families"),
    **_each_truncated("dispatch.py"),
    **_each_truncated("contract.py"),
    **_each_truncated("compiled.py"),
}  # fmt: skip
# A package without its __init__.py is still a package to Python, so the guard itself answers.
WHOLE = {"package without __init__"}
assert len(BREAKAGES) >= 40
