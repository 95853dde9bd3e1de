"""Work over several processes gives what one process gives. Each case is a program of its own,
because the process of a test has threads, in which nothing is forked."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.cli import ROOT

HEAD = """\
import os, sys
from hubctl.system import parallel
from hubctl.system.parallel import spread
os.sched_getaffinity = lambda _pid: set(range(3))
NAMES = [f"n{i}" for i in range(10)]
"""


def program(body: str) -> str:
    """What a program prints that has to end well."""
    done = subprocess.run(
        [sys.executable, "-c", HEAD + body],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


forks = pytest.mark.skipif(sys.platform == "darwin", reason="nothing is forked on macOS")


@pytest.mark.parametrize("count", [0, 1, 2, 5, 6, 7, 10])
def test_values_come_in_order_and_progress_is_told_here(count):
    body = f"""
names, told = NAMES[:{count}], []
found = spread(names, lambda name: (name, len(name)), least=2, progress=told.append)
assert found == [(name, 2) for name in names], found
assert sorted(told) == names, told
"""
    program(body)


@forks
def test_several_processes_work():
    found = program("print(len(set(spread(NAMES, lambda _: os.getpid(), least=2))))")
    assert found == "3\n"


def test_a_little_work_is_done_here():
    found = program("print(set(spread(NAMES, lambda _: os.getpid(), least=6)) == {os.getpid()})")
    assert found == "True\n"


@pytest.mark.parametrize(
    "start", ["threading.Thread(target=wait).start()", "_thread.start_new_thread(wait, ())"]
)
def test_a_process_with_threads_forks_nothing(start):
    body = f"""
import _thread, threading
running, end = threading.Lock(), threading.Lock()
running.acquire(), end.acquire()
def wait():
    running.release()
    end.acquire(timeout=60)
{start}
running.acquire()
print(set(spread(NAMES, lambda _: os.getpid(), least=2)) == {{os.getpid()}})
end.release()
"""
    assert program(body) == "True\n"


@pytest.mark.parametrize("way", ["os._exit(1)", "os.kill(os.getpid(), 9)", "os.close(4); 1 / 0"])
@forks
def test_what_a_child_fails_to_do_is_done_here(way):
    body = f"""
parent = os.getpid()
def work(name):
    if os.getpid() != parent and name == "n9":
        {way}
    return name
assert spread(NAMES, work, least=2) == NAMES
"""
    program(body)


@forks
def test_where_the_system_gives_no_process_the_work_is_done_here():
    body = """
def refuse():
    raise BlockingIOError(11, "no more processes")
os.fork = refuse
assert set(spread(NAMES, lambda _: os.getpid(), least=2)) == {os.getpid()}
"""
    program(body)


@forks
def test_nobody_waits_for_a_child_that_falls_silent():
    body = """
import time
parallel.PATIENCE_S = 0.2
parent = os.getpid()
def work(name):
    if os.getpid() != parent:
        time.sleep(600)
    return name
assert spread(NAMES, work, least=2) == NAMES
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("no child is left")
"""
    assert program(body) == "no child is left\n"


@forks
def test_a_child_ends_when_nobody_is_left_to_hear_it():
    """Else it would hold what it inherited open for ever: here the output that is read to its end.

    Its answer is larger than a pipe, so that it cannot be written without a reader.
    """
    body = """
parent = os.getpid()
def work(name):
    if os.getpid() == parent:
        os.kill(parent, 9)
    return b'x' * 1_000_000
spread(NAMES, work, least=2)
"""
    done = subprocess.run(
        [sys.executable, "-c", HEAD + body], cwd=ROOT, capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (-9, b"")


@pytest.mark.parametrize("name", ["n0", "n5", "n9"])
def test_an_error_is_the_one_of_the_work_and_leaves_no_process(name):
    body = f"""
def work(name):
    if name == {name!r}:
        raise LookupError(name)
    return name
try:
    spread(NAMES, work, least=2)
except LookupError as error:
    print(error)
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("no child is left")
"""
    assert program(body) == f"{name}\nno child is left\n"


@forks
def test_values_keep_their_types():
    body = """
from collections import namedtuple
Pair = namedtuple("Pair", "a b")
for kind in (bool, str, lambda name: (name, 1.5, None, b"x"), lambda name: Pair(name, True)):
    found = spread(NAMES, kind, least=2)
    assert found == [kind(name) for name in NAMES]
    assert {type(value) for value in found} == {type(kind("n0"))}, found
"""
    program(body)


@forks
def test_an_answer_larger_than_a_pipe_comes_whole():
    body = "print(sum(map(len, spread(NAMES, lambda _: b'x' * 1_000_000, least=2))))"
    assert program(body) == "10000000\n"


def test_what_was_written_before_is_written_once():
    """A child must not flush what the parent still holds."""
    assert program("print('once', end=''); spread(NAMES, str.upper, least=2)") == "once"
