"""Floors: the least that any Python program would have to do with the same files.

    python -I -S benchmarks/floor.py read|stat|compare|write LIST

LIST names one path a line. `compare` reads each file and compares it with its bytes in LIST.bytes;
`write` makes each file durable below LIST.written, as a careful program would: temporary file,
fsync, rename.
"""

import os
import sys


def read(path):
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return os.readlink(path).encode()
    data = os.read(descriptor, os.fstat(descriptor).st_size + 1)
    os.close(descriptor)
    return data


def contents(listed, paths):
    """The bytes of every file as kept in LIST.bytes: a length, a newline, the bytes."""
    with open(f"{listed}.bytes", "rb") as stream:
        for path in paths:
            yield path, stream.read(int(stream.readline()))


def write(folder, number, data):
    path = f"{folder}/{number}"
    descriptor = os.open(f"{path}.new", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    os.write(descriptor, data)
    os.fsync(descriptor)
    os.close(descriptor)
    os.rename(f"{path}.new", path)


def main(mode, listed):
    with open(listed) as stream:
        paths = stream.read().splitlines()
    if mode == "read":
        for path in paths:
            read(path)
    elif mode == "stat":
        for path in paths:
            os.lstat(path)
    elif mode == "compare":
        return int(any(read(path) != data for path, data in contents(listed, paths)))
    elif mode == "write":
        os.mkdir(f"{listed}.written")
        for number, (_, data) in enumerate(contents(listed, paths)):
            write(f"{listed}.written", number, data)
    return 0


sys.exit(main(*sys.argv[1:]))
