"""Files of somebody's folder, tag or archive as the content of a release, or why they are none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.model.semantic_version import read_version
from hubctl.release.content import CHANGELOG, OWN, RUN, Content
from hubctl.system.hooks_package import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERSION, _MODULE = "VERSION", "hubctl/__init__.py"
_NEEDED = ("__init__", "run", "dispatch", "contract", "compiled", "registry")
_SAYS = re.compile(r"""^__version__\s*=\s*["']([^"']+)["']""", re.MULTILINE)
_MOST_BYTES = 1 << 20


def is_wanted(path: str) -> bool:
    """Whether a file, perhaps below one folder that holds everything, could be of a release."""
    return any(
        inner in (_VERSION, CHANGELOG, _MODULE)
        or (inner.startswith(f"{PACKAGE}/") and inner.endswith(".py"))
        for inner in (path, path.partition("/")[2])
    )


def content_of_files(files: Mapping[str, bytes], origin: str, version: str = "") -> Content:
    """The content that the files amount to.

    Args:
        files: path → bytes; everything may lie below one folder.
        origin: where they come from, in words.
        version: what they are called there; else `VERSION` or hubctl's own module says it.

    Raises:
        OperationError: they are no hooks, or too big.
    """
    top = _top(files, origin)
    inner = {path.removeprefix(top): data for path, data in files.items() if path.startswith(top)}
    sources = {
        path: _text(path, data, origin)
        for path, data in sorted(inner.items())
        if path.startswith(f"{PACKAGE}/") and path.endswith(".py") and not path.startswith(OWN)
    }
    lacking = [name for name in _NEEDED if f"{PACKAGE}/{name}.py" not in sources]
    if lacking:
        raise OperationError(f"{origin} lacks {PACKAGE}/{lacking[0]}.py, so it is no release")
    return Content(
        sources=sources,
        version=version or _version(inner, origin),
        origin=origin,
        changelog=_text(CHANGELOG, inner.get(CHANGELOG, b""), origin),
    )


def _top(files: Mapping[str, bytes], origin: str) -> str:
    """The folder that holds the package, "" or `name/`."""
    ends = f"{PACKAGE}/{RUN}"
    tops = {path.removesuffix(ends) for path in files if path.endswith(ends)}
    near = sorted((top for top in tops if top.count("/") <= 1), key=len)
    if not near or not (near[0] == "" or near[0].endswith("/")):
        raise OperationError(f"there is no {ends} in {origin}, so it is no release of hooks")
    return near[0]


def _text(path: str, data: bytes, origin: str) -> str:
    if len(data) > _MOST_BYTES:
        raise OperationError(f"{path} of {origin} is larger than {_MOST_BYTES >> 20} MB")
    try:
        return data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise OperationError(f"{path} of {origin} is no UTF-8 text") from error


def _version(files: Mapping[str, bytes], origin: str) -> str:
    said = files.get(_VERSION, b"").decode("utf-8", "replace").strip()
    match = _SAYS.search(files.get(_MODULE, b"").decode("utf-8", "replace"))
    said = said or (match[1] if match else "0.0.0")
    known = read_version(said)
    if known is None:
        raise OperationError(f"{said!r:.40} in {origin} is no semantic version")
    return str(known)
