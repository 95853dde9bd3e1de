"""Loads the release's modules straight from the bytecode that it ships.

The interpreter's own way asks the file system five times for each module, which would be a fifth
of a guard's start. What is not exactly such bytecode is left to that way.
"""

import marshal
import os
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec as Spec
    from types import ModuleType
    from typing import Any

PACKAGE = "hooks_shared."
_HEAD = MAGIC_NUMBER + b"\1\0\0\0"  # bytecode that is never compared with its source
_HEAD_BYTES = 16
_SUFFIX = f".{sys.implementation.cache_tag}.pyc"


class Release:
    """Finder and loader of one release's modules."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def find_spec(
        self, name: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "Spec | None":
        """What the interpreter has to know of a module; None for whatever is not ours."""
        if not name.startswith(PACKAGE):
            return None
        place = f"{self.folder}/{name.replace('.', '/')}"
        parent, _, last = place.rpartition("/")
        found = _read(f"{parent}/__pycache__/{last}{_SUFFIX}")
        if found is not None:
            return self._spec(name, f"{place}.py", found, [])
        found = _read(f"{place}/__pycache__/__init__{_SUFFIX}")
        if found is not None:
            return self._spec(name, f"{place}/__init__.py", found, [place])
        return None

    def _spec(self, name: str, source: str, bytecode: bytes, folders: list[str]) -> "Spec":
        loader: Any = self  # no abstract base: that would import the slow half of importlib
        spec: Spec = ModuleSpec(name, loader, origin=source, is_package=bool(folders))
        if folders:
            spec.submodule_search_locations = folders
        spec.loader_state = bytecode
        spec.has_location = True
        spec.cached = ""  # or it is worked out, and nobody asks
        return spec

    def create_module(self, spec: "Spec") -> None:
        """The interpreter's own kind of module."""

    def exec_module(self, module: "ModuleType") -> None:
        """Run the module's body."""
        spec = module.__spec__
        assert spec is not None
        bytecode, spec.loader_state = spec.loader_state, None
        # As trusted as the source beside it: the manifest of the release names both.
        code = marshal.loads(memoryview(bytecode)[_HEAD_BYTES:])  # noqa: S302
        exec(code, module.__dict__)  # noqa: S102


def _read(path: str) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        data = os.read(descriptor, os.fstat(descriptor).st_size)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return data if data.startswith(_HEAD) else None


def install(folder: str) -> None:
    """Load modules of the release in `folder` from here on."""
    sys.meta_path.insert(0, Release(folder))
