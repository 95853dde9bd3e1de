"""The files of the release that an apply would install, to try hooks with before it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubctl.cli.hooks_ground import Ground


def release_files_of(on: Ground) -> dict[str, bytes]:
    """Path → bytes, compiled for the interpreter of hooks."""
    from hubctl.release.content import (
        compile_sources,
        look_at_interpreter,
        our_content,
        release_files,
    )
    from hubctl.release.installed import joined
    from hubctl.release.record import read_record
    from hubctl.release.verify import record_path
    from hubctl.system.process import run

    record = read_record(record_path(on.places), on.door)
    content = joined(our_content(on.door), on.own, on.places, on.door, record)
    python = look_at_interpreter(on.interpreter, on.door)
    python, compiled = compile_sources(content.sources, python, run)
    return {file.path: file.data for file in release_files(content, compiled, python)}
