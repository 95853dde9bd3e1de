"""`repos eject` is the other word for `repos remove`."""

from __future__ import annotations

from tests.support.cli import LOCK, MODEL, SETTINGS


def test_eject_lets_a_repository_go_as_remove_does(api):
    api.apply()
    ran = api.ok("repos", "eject", "api", "--yes")
    assert "-  api:" in ran.out
    assert api.ok("repos", "list", "--json").json["repositories"] == []
    assert not (api.home / "src/api" / LOCK).exists()
    assert b'"model"' in api.read(f"src/api/{SETTINGS}")
    api.ok("rollback", "--yes")
    assert api.read("hub/canonical.yaml").decode() == MODEL
    api.in_sync("api")
