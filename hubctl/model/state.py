"""The closed sets of the three-way comparison, and absence as a value."""

from __future__ import annotations

import enum
from typing import Final


class Absent(enum.Enum):
    """Nothing stands there: a value of its own, unlike JSON null."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT


class Status(enum.Enum):
    """How desired, recorded and observed of one address relate."""

    IN_SYNC = "in-sync"
    PENDING = "pending"
    DRIFTED = "drifted"
    MISSING = "missing"
    CONFLICT = "conflict"
    ORPHAN = "orphan"
    UNMANAGED = "unmanaged"
    UNREADABLE = "unreadable"
    SHADOWED = "shadowed"


# What somebody else did to a value of ours, and `drift --fix` puts right.
REPAIRED: Final = frozenset((Status.DRIFTED, Status.MISSING))


class Action(enum.Enum):
    """What apply would do about it. ADOPT writes the ledger only; FORGET drops a record only."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ADOPT = "adopt"
    FORGET = "forget"
    NONE = "none"


class Scope(enum.Enum):
    """For whom a resource stands: everybody who clones, or this machine alone."""

    COMMITTED = "committed"
    LOCAL = "local"
