"""What a release consists of: sources, bytecode for one interpreter, a launcher, a changelog.

The version names the content: the semantic version of what it is made of, and a hash over sources
and interpreter. Bytecode is left out of that hash (two runs of one compiler may differ in it), but
not out of the manifest.
"""

from __future__ import annotations

import base64
import json
import os
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl import __version__
from hubctl.errors import OperationError
from hubctl.model.hashing import hash_json
from hubctl.release.interpreter import OURS, Interpreter
from hubctl.shipped import shipped
from hubctl.system.hooks_package import PACKAGE, package_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.system.files import Files
    from hubctl.system.process import Runner

RUN, LAUNCH = "run.py", "launch"
CHANGELOG = "CHANGELOG.md"
OWN = f"{PACKAGE}/own/"  # where the modules of hubs stand in a release
_COMPILE_SECONDS = 60.0
# Unchecked: a hook never compares dates, so an interrupted copy or a moved clock costs nothing.
_COMPILE = """
import base64, importlib.util as util, json, marshal, sys
compiled = {}
for name, text in json.load(sys.stdin).items():
    data = text.encode("utf-8")
    code = marshal.dumps(compile(data, name, "exec", dont_inherit=True))
    pyc = util.MAGIC_NUMBER + (1).to_bytes(4, "little") + util.source_hash(data) + code
    compiled[name] = base64.b64encode(pyc).decode("ascii")
json.dump({"tag": sys.implementation.cache_tag, "version": sys.version,
           "magic": util.MAGIC_NUMBER.hex(), "compiled": compiled}, sys.stdout)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a release is made of, before anything is compiled.

    Attributes:
        sources: path relative to the release → text of every module.
        version: semantic version of what it is made of.
        origin: OURS, or the source that somebody named.
        changelog: text of its changelog, "" where it has none.
    """

    sources: Mapping[str, str]
    version: str = __version__
    origin: str = OURS
    changelog: str = ""

    def base(self) -> dict[str, str]:
        """The modules that are no hub's own."""
        return {path: text for path, text in self.sources.items() if not path.startswith(OWN)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFile:
    """One file of a release; `path` is relative to its folder."""

    path: str
    data: bytes
    mode: int


def look_at_interpreter(path: str, door: Files) -> Interpreter:
    """The Python at `path`, as far as its file tells.

    Raises:
        OperationError: there is none.
    """
    real = os.path.realpath(path)
    found = door.look(real)
    if found is None or found.kind != "file" or not found.mode & 0o111:
        raise OperationError(
            f"the interpreter for hooks {path} is not there, or not executable",
            hint="install hubctl again with a Python that stays",
        )
    return Interpreter(path=path, real=real, size=found.size, mtime_ns=found.mtime_ns)


def our_content(door: Files) -> Content:
    """What travels with this hubctl."""
    try:
        changelog = door.read(shipped(CHANGELOG)).decode("utf-8", "replace")
    except OSError:
        changelog = ""
    return Content(sources=read_modules(door, package_folder()), changelog=changelog)


def read_modules(door: Files, folder: str) -> dict[str, str]:
    """Path relative to a release → text, of every module below a folder of the package."""
    return dict(sorted(_modules(door, folder, PACKAGE)))


def _modules(door: Files, folder: str, relative: str) -> Iterator[tuple[str, str]]:
    for name in door.list(folder):
        path = f"{folder}/{name}"
        found = door.look(path)
        if found is None or name == "__pycache__":
            continue
        if found.kind == "folder":
            yield from _modules(door, path, f"{relative}/{name}")
        elif name.endswith(".py") and found.kind == "file":
            yield f"{relative}/{name}", door.read(path).decode("utf-8")


def compile_sources(
    sources: Mapping[str, str], interpreter: Interpreter, runner: Runner
) -> tuple[Interpreter, dict[str, bytes]]:
    """The interpreter with what it says of itself, and path of a source → its bytecode.

    Raises:
        OperationError: it does not start, or cannot compile the package.
    """
    args = (interpreter.path, "-I", "-S", "-c", _COMPILE)
    done = runner(args, timeout=_COMPILE_SECONDS, input=json.dumps(dict(sources)))
    if done.returncode != 0:
        raise OperationError(
            f"{interpreter.path} cannot compile the hooks: {done.complaint[-300:]}",
            hint="hooks need Python 3.11 or newer",
        )
    answer = json.loads(done.stdout)
    known = Interpreter(
        path=interpreter.path,
        real=interpreter.real,
        size=interpreter.size,
        mtime_ns=interpreter.mtime_ns,
        tag=answer["tag"],
        version=answer["version"],
        magic=answer["magic"],
    )
    return known, {name: base64.b64decode(text) for name, text in answer["compiled"].items()}


def version_of(content: Content, interpreter: Interpreter) -> str:
    """The version that names this content."""
    made_of = [dict(content.sources), interpreter.path, interpreter.version, interpreter.magic]
    return f"{content.version}-{hash_json(made_of).removeprefix('sha256:')[:12]}"


def release_files(
    content: Content, compiled: Mapping[str, bytes], interpreter: Interpreter
) -> tuple[ReleaseFile, ...]:
    """Every file of the release but its manifest, sorted by path."""
    texts = dict(content.sources)
    if content.changelog:
        texts[CHANGELOG] = content.changelog
    files = [ReleaseFile(path=path, data=_bytes(text), mode=0o600) for path, text in texts.items()]
    files += [
        ReleaseFile(path=_bytecode_path(path, interpreter.tag), data=data, mode=0o600)
        for path, data in compiled.items()
    ]
    run = content.sources[f"{PACKAGE}/{RUN}"]
    files.append(ReleaseFile(path=RUN, data=_bytes(run), mode=0o600))
    files.append(ReleaseFile(path=LAUNCH, data=_bytes(_launcher(interpreter)), mode=0o700))
    return tuple(sorted(files, key=lambda file: file.path))


def _launcher(interpreter: Interpreter) -> str:
    """What committed settings start, which may name no path of this machine."""
    program = shlex.quote(interpreter.path)
    return f'#!/bin/sh\nexec {program} -I -S "${{0%/*}}/{RUN}" "$@"\n'


def _bytecode_path(path: str, tag: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"{folder}/__pycache__/{name.removesuffix('.py')}.{tag}.pyc"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8")
