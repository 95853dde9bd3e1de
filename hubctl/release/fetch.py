"""Fetches what an update is made of, from wherever a source says, and checks that it is that."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hubctl.errors import OperationError, UsageError
from hubctl.model.hashing import hash_bytes
from hubctl.model.semantic_version import read_version, read_wish
from hubctl.release.content import Content, our_content, read_modules
from hubctl.release.tree import content_of_files, is_wanted
from hubctl.system.hooks_package import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.release.source import UpdateSource
    from hubctl.system.files import Files

_BESIDE = ("VERSION", "CHANGELOG.md", "hubctl/__init__.py")


def fetch(source: UpdateSource, wish: str, door: Files) -> Content:
    """The content at a source.

    Args:
        source: where; a folder is an absolute path.
        wish: which versions will do (see `semantic_version.read_wish`).
        door: how folders are read.

    Raises:
        UsageError: the wish is none, or the source is not safe.
        OperationError: it cannot be fetched, is not what its checksum says, is no release, or is
            of no version that would do.
    """
    wanted = read_wish(wish)
    if source.kind == "git":
        return _tagged(source, wish)
    if source.kind == "ours":
        content = our_content(door)
    elif source.kind == "folder":
        content = _folder(source, door)
    else:
        content = _archive(source)
    version = read_version(content.version)
    if wish and (version is None or not wanted.allows(version)):
        raise OperationError(f"{source} has version {content.version}, which is not {wish}")
    return content


def newest_tag(tags: Sequence[str], wish: str) -> str:
    """The tag of the newest version that will do, "" where there is none."""
    wanted = read_wish(wish)
    versions = ((read_version(tag.rpartition("/")[2]), tag) for tag in tags)
    fitting = [(v.key, tag) for v, tag in versions if v is not None and wanted.allows(v)]
    return max(fitting)[1] if fitting else ""


def _tagged(source: UpdateSource, wish: str) -> Content:
    from hubctl.system.git_release import remote_tags, tagged_files

    tag = source.tag or newest_tag(remote_tags(source.place), wish)
    if not tag:
        what = f"that is {wish}" if wish else "that is a semantic version"
        raise OperationError(f"{source} has no tag {what}")
    version = read_version(tag.rpartition("/")[2])
    if wish and source.tag and (version is None or not read_wish(wish).allows(version)):
        raise UsageError(f"the tag {tag} is not {wish}")
    files = tagged_files(source.place, tag, is_wanted)
    return content_of_files(files, str(source), str(version) if version else "")


def _folder(source: UpdateSource, door: Files) -> Content:
    top = source.place
    if _is_file(f"{top}/run.py", door) and _is_file(f"{top}/contract.py", door):
        top = os.path.dirname(top)  # the package itself was named
    package = f"{top}/{PACKAGE}"
    if not _is_file(f"{package}/run.py", door):
        raise UsageError(
            f"there is no {PACKAGE}/run.py in {source.place}",
            hint="name a folder that holds the package, such as a checkout of hubctl",
        )
    try:
        modules = read_modules(door, package)
        files = {path: text.encode("utf-8") for path, text in modules.items()}
        for name in _BESIDE:
            if _is_file(f"{top}/{name}", door):
                files[name] = door.read(f"{top}/{name}")
    except (OSError, UnicodeDecodeError) as error:
        raise OperationError(f"cannot read the hooks in {source.place}: {error}") from error
    return content_of_files(files, str(source))


def _is_file(path: str, door: Files) -> bool:
    try:
        found = door.look(path)
    except OSError:
        return False
    return found is not None and found.kind == "file"


def _archive(source: UpdateSource) -> Content:
    from hubctl.system.archive import read_archive
    from hubctl.system.download import download

    place = source.place
    data = download(place if "://" in place else f"file://{place}")
    found = hash_bytes(data).removeprefix("sha256:")
    if found != source.checksum:
        raise OperationError(
            f"{place} is not what you expect there: its checksum is {found}",
            hint="nothing was used; ask whoever published it which one is right",
        )
    files = {path: inner for path, inner in read_archive(data, place).items() if is_wanted(path)}
    return content_of_files(files, str(source))
