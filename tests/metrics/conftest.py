"""One real server of each kind for all tests here."""

from __future__ import annotations

import pytest

from tests.metrics.worked import Home
from tests.support import servers


@pytest.fixture(scope="session")
def questdb(tmp_path_factory):
    with servers.questdb(tmp_path_factory.mktemp("questdb") / "d") as made:
        yield made


@pytest.fixture(scope="session")
def worked(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("worked"))
    home.work(1)
    return home
