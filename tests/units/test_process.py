from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from hubctl.errors import OperationError
from hubctl.system.process import ProgramMissingError, ProgramTimeoutError, run


def python(code: str, *args: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", code, *args]


def test_output_exit_code_and_input() -> None:
    code = "import sys; print(sys.stdin.read(), end=''); sys.stderr.write('e'); sys.exit(7)"
    done = run(python(code), timeout=20, input="äöü\n")
    assert (done.returncode, done.stdout, done.stderr) == (7, "äöü\n", "e")
    assert done.complaint == "e"


def test_nothing_is_expanded_by_a_shell(tmp_path: Path) -> None:
    code = "import sys, os; print(sys.argv[1:], os.getcwd(), sorted(os.environ))"
    args = python(code, "$HOME; *", "a b")
    done = run(args, timeout=20, env={"ONLY": "1", "LC_ALL": "C.UTF-8"}, cwd=str(tmp_path))
    assert done.stdout == f"{['$HOME; *', 'a b']} {tmp_path} {['LC_ALL', 'ONLY']}\n"


def test_output_that_is_no_text_is_kept_readable() -> None:
    done = run(python(r"import os; os.write(1, b'a\xffb')"), timeout=20)
    assert done.stdout == "a�b"


@pytest.mark.parametrize("program", ["hubctl-no-such-program", "/", "/etc/passwd"])
def test_a_program_that_cannot_start(program: str) -> None:
    with pytest.raises(ProgramMissingError, match=f"{program} cannot be run: "):
        run([program], timeout=20)


def test_a_program_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    # The child holds our end of its output open: only its death lets `run` go on.
    code = (
        "import os, sys, time\n"
        "child = os.fork()\n"
        "if child: open(sys.argv[1], 'w').write(str(child))\n"
        "time.sleep(600)"
    )
    started = time.monotonic()
    with pytest.raises(ProgramTimeoutError, match="did not end within 3 seconds") as caught:
        run(python(code, str(tmp_path / "child")), timeout=3)
    assert time.monotonic() - started < 20
    assert isinstance(caught.value, OperationError)
    assert not _is_running(int((tmp_path / "child").read_text()))


def test_a_child_that_left_the_group_does_not_hold_us(tmp_path: Path) -> None:
    code = (
        "import os, sys, time\n"
        "child = os.fork()\n"
        "if not child: os.setsid()\n"
        "if child: open(sys.argv[1], 'w').write(str(child))\n"
        "time.sleep(600)"
    )
    try:
        with pytest.raises(ProgramTimeoutError):
            run(python(code, str(tmp_path / "child")), timeout=3)
    finally:
        os.kill(int((tmp_path / "child").read_text()), 9)


def _is_running(pid: int) -> bool:
    """Whether a process still runs; one that nobody waited for yet does not."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return False
        if state in "ZX":
            return False
    return True
