"""One real server of each kind for all tests here."""

from __future__ import annotations

import pytest

from tests.metrics.worked import Home
from tests.support import servers
from tests.support.questdb_stand_in import StandIn


@pytest.fixture(scope="session")
def questdb(tmp_path_factory):
    with servers.questdb(tmp_path_factory.mktemp("questdb") / "d") as made:
        yield made


@pytest.fixture(scope="session")
def worked(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("worked"))
    home.work(1)
    return home


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "state" / "metrics.db")


@pytest.fixture
def target():
    with StandIn() as made:
        yield made
