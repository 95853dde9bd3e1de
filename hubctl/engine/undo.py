"""Undoing one operation, whatever state a failure, a crash or a person left it in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hubctl.engine.execute import execute, leads_elsewhere, names_of, settle
from hubctl.engine.operations import take_image

if TYPE_CHECKING:
    from hubctl.engine.operations import Operation
    from hubctl.system.files import Files


def undo(door: Files, operation: Operation, journal: str, number: int) -> bool:
    """Bring a path back to its before-image; whether it holds that image now.

    A path that holds neither image was changed by somebody since and is left alone, and so is one
    whose folder is gone or leads elsewhere.

    Raises:
        MovedError: somebody changed it at this very moment.
        OSError: the system refused; it can be tried again.
    """
    path = operation.path
    if leads_elsewhere(path):
        return False
    backwards = names_of(path, journal, number, undoing=True)
    settle(door, operation.backwards(operation.after, operation.before), backwards)
    settle(door, operation, names_of(path, journal, number))
    current = take_image(door, path)
    restored = operation.restored(current)
    if restored is None:
        return False
    if not restored.same_as(current):
        if restored.kind != "absent" and door.look(os.path.dirname(path)) is None:
            return False
        execute(door, operation.backwards(current, restored), backwards)
    return True
