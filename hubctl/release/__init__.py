"""L4: releases of the hooks: one versioned folder per content, switched atomically, verifiable."""

from hubctl.release.choose import install, keep, roll_back, update
from hubctl.release.content import Content
from hubctl.release.install import InstalledRelease
from hubctl.release.own import NOBODYS, OwnModules
from hubctl.release.status import ReleaseStatus, status
from hubctl.release.verify import verify, verify_all

__all__ = [
    "NOBODYS",
    "Content",
    "InstalledRelease",
    "OwnModules",
    "ReleaseStatus",
    "install",
    "keep",
    "roll_back",
    "status",
    "update",
    "verify",
    "verify_all",
]
