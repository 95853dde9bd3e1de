"""The demo on a terminal: colour, width, and waiting between the steps."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios

from tests.demo.conftest import surroundings

PATIENCE_S = 120
COLOUR = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class Screen:
    """A pseudo-terminal that reads until it sees something."""

    def __init__(self, columns):
        self.own, self.other = pty.openpty()
        fcntl.ioctl(self.other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        self.text = ""

    def until(self, awaited, patience=PATIENCE_S):
        """Read until `awaited` stands there, to the end, or in vain; whether it was seen."""
        while awaited not in self.text:
            ready, _, _ = select.select([self.own], [], [], patience)
            try:
                data = os.read(self.own, 65536) if ready else b""
            except OSError:  # the other side is closed
                data = b""
            if not data:
                return False
            self.text += data.decode()
        return True

    def press(self, awaited):
        """Press a key until `awaited` stands there: one typed too early is thrown away."""
        for _ in range(PATIENCE_S):
            os.write(self.own, b"\n")
            if self.until(awaited, patience=1):
                return

    def start(self, *arguments, env):
        process = subprocess.Popen(
            [sys.executable, "-m", "hubctl", "demo", *arguments],
            stdin=self.other,
            stdout=self.other,
            stderr=self.other,
            env=env,
        )
        os.close(self.other)
        return process


def test_it_is_coloured_fits_and_waits_between_the_steps(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    screen = Screen(columns=90)
    env = surroundings(outside) | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    options = ("--pause", "--until", "plan", "--dir", str(tmp_path / "demo"))
    with screen.start(*options, env=env) as process:
        assert screen.until("any key to go on")
        assert "hubctl plan" not in screen.text
        screen.press("hubctl plan")
        screen.until("\0, which never comes")
        os.close(screen.own)
    assert process.returncode == 0
    assert "\x1b[1;36mhubctl plan\x1b[0m" in screen.text
    plain = COLOUR.sub("", screen.text).replace("\r", "")
    assert re.search(r"canonical\.yaml:\s+valid", plain)
    assert re.search(r"Plan: \d+ to create, 1 to record", plain)
    lines = [line for line in plain.split("\n") if str(tmp_path) not in line]
    assert max(map(len, lines)) <= 90
