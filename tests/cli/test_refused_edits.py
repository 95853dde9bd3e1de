"""Edits of canonical.yaml that would make it invalid: refused whole, told without false places."""

from __future__ import annotations

import re

import pytest

from tests.support.cli import MODEL

REFUSED = [
    (("repos", "add", "~/src/web", "--profile", "nope"), "canonical/unknown-profile"),
    (("repos", "add", "~/src/api", "--name", "other"), "canonical/same-path"),
    (("repos", "set", "api", "profiles", "[nope]"), "canonical/unknown-profile"),
    (("repos", "set", "api", "langauge", "python"), "canonical/"),
]


@pytest.mark.parametrize(("command", "rule"), REFUSED, ids=lambda x: " ".join(x)[:40])
def test_a_refused_edit_writes_nothing_and_points_at_no_line(api, command, rule):
    api.repository("web")
    ran = api.run(*(word.replace("~", str(api.home)) for word in command))
    assert (ran.code, ran.out) == (2, "")
    assert f"[{rule}" in ran.err
    assert "would not be valid after this change; nothing was written" in ran.err
    assert not re.search(r"canonical\.yaml:\d", ran.err)
    assert "│" not in ran.err
    assert api.read("hub/canonical.yaml").decode() == MODEL
