"""A store that cannot be read is told in every panel that needs it; the page stands anyway."""

from __future__ import annotations

import asyncio

import pytest

from hubctl.dashboard.app import dashboard
from hubctl.dashboard.board import PANELS, Board
from hubctl.errors import UsageError
from hubctl.metrics.store import metrics_path
from hubctl.system.places import find_places


def ask(application, path):
    """Status and text of an answer of the application itself, behind its gate."""
    said = []
    headers = [(b"host", b"127.0.0.1:80"), (b"cookie", b"hubctl-80=secret")]
    path, _, query = path.partition("?")
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode()}
    scope |= {"query_string": query.encode(), "headers": headers, "root_path": ""}
    scope |= {"server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "scheme": "http"}
    scope |= {"http_version": "1.1", "asgi": {"version": "3.0"}}

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        said.append(message)

    asyncio.run(asyncio.wait_for(application(scope, receive, send), 60))
    return said[0]["status"], b"".join(one.get("body", b"") for one in said[1:]).decode()


def no_hub():
    raise UsageError("there is no hub")


@pytest.fixture
def damaged(tmp_path):
    places = find_places({"HOME": str(tmp_path)})
    store = tmp_path / metrics_path(places).removeprefix(f"{tmp_path}/")
    store.parent.mkdir(parents=True)
    store.write_bytes(b"this is no database" * 1000)
    return dashboard(Board(places, no_hub), "secret")


def test_the_page_stands(damaged):
    assert ask(damaged, "/")[0] == 200
    assert ask(damaged, "/sessions")[0] == 200
    assert ask(damaged, "/pulse")[0] == 200


@pytest.mark.parametrize("panel", [panel.id for panel in PANELS])
def test_a_panel_says_why(damaged, panel):
    status, text = ask(damaged, f"/part/{panel}")
    assert status == 200 and f'id="{panel}"' in text
    if panel not in ("drift", "health", "timers"):
        assert "is damaged" in text and "changed from:body" in text


def test_a_series_says_why(damaged):
    status, text = ask(damaged, "/series/cost")
    assert status == 503 and "is damaged" in text
