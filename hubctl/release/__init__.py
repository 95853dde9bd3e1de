"""L4: releases of the hooks: one versioned folder per content, switched atomically, verifiable."""

from hubctl.release.install import InstalledRelease, install
from hubctl.release.verify import ReleaseStatus, status, verify

__all__ = ["InstalledRelease", "ReleaseStatus", "install", "status", "verify"]
