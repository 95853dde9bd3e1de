from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.cli import MODEL, Account

if TYPE_CHECKING:
    from pathlib import Path

REST = """\
      pre_commit: true
      ci: gitlab
"""


@pytest.fixture
def managed(tmp_path: Path) -> Account:
    """A committed repository that hubctl manages, and a `hubctl` in the PATH."""
    account = Account(base=tmp_path)
    account.canonical(MODEL.replace("name: acme\n", "name: acme\n  package: hubctl==1.0\n") + REST)
    repo = account.repository()
    program = account.put("bin/hubctl", f'#!/bin/sh\nexec "{sys.executable}" -m hubctl "$@"\n')
    program.chmod(0o755)
    account.extra["PATH"] = f"{program.parent}:{account.environment['PATH']}"
    assert account.process("apply", "--yes").code == 0
    account.git(repo, "add", ".")
    account.git(repo, "commit", "-qm", "first")
    return account


@pytest.fixture
def checkout(managed: Account, tmp_path: Path) -> Path:
    """A clone of it somewhere else, as CI has it: no hub above, nothing of this account."""
    place = tmp_path / "ci/checkout"
    managed.git(managed.home / "src/api", "clone", "-q", ".", str(place))
    return place
