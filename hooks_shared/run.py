"""Runs all hooks of one event: `python -I -S run.py EVENT [LANE [STATE]]`.

With STATE the exit codes are the launcher's (PASSED, BLOCKED in contract.py): only a complete run
has them, and whatever else ends this process, even with 0 or 2, is answered by policy.
Imports nothing before the package is known to be whole.
"""

import sys

sys.dont_write_bytecode = True  # a release holds what its manifest lists, nothing else
here = __file__.rpartition("/")[0] or "."


def main() -> int:
    """The exit code."""
    import gc
    import os

    gc.set_threshold(20_000)  # a run is short; looking for garbage would be a tenth of it
    # Through `current` now and never again: a switch of releases must not mix two of them.
    folder = os.path.realpath(here)
    if folder.endswith("/hooks_shared"):
        folder = folder[: -len("/hooks_shared")]
    sys.path.insert(0, folder)
    from hooks_shared import loading

    loading.install(folder)
    from hooks_shared.dispatch import main as dispatch

    return dispatch(sys.argv[1:])


if __name__ == "__main__":
    code = main()
    import os

    os._exit(code)  # nothing is left to flush, and taking the interpreter down costs a millisecond
