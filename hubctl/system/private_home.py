"""A private home: a folder that stands for a whole account, and the environment that leads there.

Nothing that runs in this environment sees the real home, its git configuration, its Claude Code or
its service manager. What is run there is the caller's.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile

from hubctl.errors import OperationError, UsageError

# Everything else of the real environment stays outside.
_KEPT = ("PATH", "TERM", "TZ", "TMPDIR", "LANG", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH")
_PACKAGE_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def make_private_home(path: str | None, prefix: str) -> str:
    """A new, empty folder: at `path` (absolute), or a temporary one; returns its real path.

    Raises:
        UsageError: something stands at `path` already.
        OperationError: no folder can be made.
    """
    try:
        if path is None:
            return os.path.realpath(tempfile.mkdtemp(prefix=prefix))
        os.makedirs(path, mode=0o700, exist_ok=True)
        if os.listdir(path):
            raise UsageError(f"{path} is not empty", hint="name a folder that does not exist yet")
        return os.path.realpath(path)
    except FileExistsError:
        raise UsageError(f"{path} is a file", hint="name a folder that does not exist") from None
    except OSError as error:
        where = error.filename or "the temporary folder"
        raise OperationError(f"cannot make a folder at {where}: {error.strerror}") from error


def remove_private_home(home: str) -> None:
    """Remove a private home with everything in it; what cannot be removed stays."""
    shutil.rmtree(home, ignore_errors=True)


def private_environment(home: str) -> dict[str, str]:
    """The whole environment of a process that lives in a private home."""
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    return kept | {
        "HOME": home,
        "XDG_CONFIG_HOME": f"{home}/.config",
        "XDG_STATE_HOME": f"{home}/.local/state",
        "XDG_DATA_HOME": f"{home}/.local/share",
        "XDG_CACHE_HOME": f"{home}/.cache",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **_python_path(),
    }


def _python_path() -> dict[str, str]:
    """What makes this very hubctl importable where it runs from a checkout."""
    if os.path.basename(_PACKAGE_ROOT) in ("site-packages", "dist-packages"):
        return {}
    before = os.environ.get("PYTHONPATH")
    return {"PYTHONPATH": os.pathsep.join([_PACKAGE_ROOT, *([before] if before else [])])}


def own_program() -> tuple[str, ...]:
    """The command that runs this very hubctl, whatever the working folder holds."""
    return (sys.executable, "-P", "-m", "hubctl")
