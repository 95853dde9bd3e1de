"""The entry point: runs one command and turns whatever happens into words and an exit code.

The only place that catches everything. No traceback reaches a user: a bug of ours is one
sentence, exit code 70, and the traceback in a file whose path is told.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import click

    from hubctl.errors import HubctlError

INTERRUPTED = 130
BUG = 70


def main(arguments: Sequence[str] | None = None) -> int:
    """Run hubctl and return its exit code."""
    if arguments is None:
        # A process of our own ends before garbage adds up; looking for it costs a twentieth.
        gc.disable()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not (sys.stdout and sys.stderr):
        _open_closed_streams()
    code = _flushed(_guarded(given))
    if arguments is None:
        gc.freeze()  # else the interpreter looks for garbage once more at its end
    return code


def _open_closed_streams() -> None:
    """`hubctl … >&-` gives us no stream at all; what is written to it then goes nowhere."""
    import os

    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _guarded(given: list[str]) -> int:
    try:
        # Asked by scripts and prompts all the time: not worth loading click for.
        return _FAST[given[0]]() if len(given) == 1 and given[0] in _FAST else _run(given)
    except KeyboardInterrupt:
        print("\ninterrupted; nothing half-done stays behind", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return 0
    except OSError as error:
        return _tell_refusal(error)
    except Exception as error:
        from hubctl.errors import HubctlError

        return _tell(error) if isinstance(error, HubctlError) else _tell_bug(error)


def _tell_version() -> int:
    from hubctl import __version__

    print(f"hubctl {__version__}")
    return 0


def _statusline() -> int:
    from hubctl.cli.statusline import run

    return run()


_FAST = {"--version": _tell_version, "statusline": _statusline}


def _flushed(code: int) -> int:
    """The exit code, once everything is written out; a reader that went away changes nothing."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
    except OSError as error:
        _silence()
        return max(_tell_refusal(error), code)
    return code


def _silence() -> None:
    """What is left for stdout goes nowhere, or Python would complain about it at its end."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(given: list[str]) -> int:
    import click

    from hubctl.cli.app import app

    try:
        code = app.main(args=given, prog_name="hubctl", standalone_mode=False)
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        return _tell_usage(error)
    except SystemExit:
        return 0  # click's way of saying that nobody reads its help any more
    return code if isinstance(code, int) else 0


def _tell_usage(error: click.ClickException) -> int:
    """What click found wrong with the command line, worded like everything else."""
    print(f"error: {error.format_message()}", file=sys.stderr)
    context = getattr(error, "ctx", None)
    if context is not None:
        print(f"\nhint: {context.command_path} --help", file=sys.stderr)
    return 2


def _tell(error: HubctlError) -> int:
    from hubctl.cli.context import options
    from hubctl.errors import CanonicalError

    if isinstance(error, CanonicalError) and error.findings:
        from hubctl.cli.findings import print_findings

        print_findings(error.findings)
    shown = options()
    print(f"error: {shown.sentence(error.message)}", file=sys.stderr)
    if error.hint:
        print(f"\nhint: {shown.sentence(error.hint)}", file=sys.stderr)
    return error.exit_code


def _tell_refusal(error: OSError) -> int:
    """The system refused where nobody expected it: the world's fault, not ours."""
    from hubctl.errors import OperationError

    where = f"{error.filename}: " if error.filename else ""
    why = error.strerror or type(error).__name__
    print(f"error: {where}{why}", file=sys.stderr)
    return OperationError.exit_code


def _tell_bug(error: Exception) -> int:
    import os
    import tempfile
    import traceback

    if os.environ.get("HUBCTL_DEBUG"):
        traceback.print_exception(error)
        return BUG
    where = ""
    try:
        descriptor, where = tempfile.mkstemp(prefix="hubctl-bug-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            traceback.print_exception(error, file=stream)
    except OSError:
        where = "(no temporary folder; set HUBCTL_DEBUG=1 to see it here)"
    kind = type(error).__name__
    print(f"error: this is a bug in hubctl, not in what you did: {kind}", file=sys.stderr)
    print(f"\nhint: please report it with this file: {where}", file=sys.stderr)
    return BUG
