"""Starts the dispatcher of this plugin's hooks: `python -I -S start.py EVENT LANE DATA`.

DATA is a folder that outlives an update of the plugin; the registry is copied there, where the
dispatcher looks for it, and bytecode is kept there, since a plugin's own folder is not ours.
"""

import os
import sys

TOO_OLD = 44  # an exit code that the launcher knows; stdin was not read


def main() -> int:
    """The exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whatever `python3` is there
        return TOO_OLD
    here = os.path.dirname(os.path.realpath(__file__))
    event, lane, data = sys.argv[1:4]
    bring(f"{here}/registry.json", f"{data}/host", "registry.json")
    sys.pycache_prefix = f"{data}/pycache"
    sys.path.insert(0, here)
    from hooks_shared.dispatch import main as dispatch

    return dispatch([event, lane, data])


def bring(source: str, folder: str, name: str) -> None:
    """Copy a file where it is not the same there already; a reader sees the old or the new one."""
    wanted = read(source)
    if read(f"{folder}/{name}") == wanted:
        return
    os.makedirs(folder, 0o700, exist_ok=True)
    staged = f"{folder}/{name}.{os.getpid()}"
    with open(staged, "wb") as file:
        file.write(wanted)
    os.replace(staged, f"{folder}/{name}")


def read(path: str) -> bytes:
    """The bytes of a file, b"" where there is none."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


if __name__ == "__main__":
    code = main()
    os._exit(code)
