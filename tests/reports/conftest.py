from __future__ import annotations

import pytest

from tests.reports.trouble import LAST
from tests.support.measures import weeks_of_work


@pytest.fixture
def path(tmp_path):
    """Where a store may be."""
    return str(tmp_path / "metrics.db")


@pytest.fixture(scope="session")
def full(tmp_path_factory):
    """Weeks of work, to be read alone."""
    path = str(tmp_path_factory.mktemp("full") / "metrics.db")
    weeks_of_work(path, LAST, days=16, sessions=3)
    return path
