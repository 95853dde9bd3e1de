"""What holds for every test: Control-C works, as in a terminal."""

from __future__ import annotations

import signal

# What runs in the background of a script has SIGINT ignored from the start, and so have its
# children; a test that types Control-C would wait for an end that never comes.
signal.signal(signal.SIGINT, signal.default_int_handler)
