"""The cheap look misses nothing that a plugin of detect-secrets would find."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubctl.config import secrets
from hubctl.config.secret_shapes import SHAPES

PLUGINS = sorted({shape.plugin for shape in SHAPES if shape.plugin})
ASCII = st.characters(max_codepoint=127, exclude_characters="\n\r")
# Plugins that guess from words or randomness, or find what is no secret.
LEFT_OUT = {"keyword", "high_entropy_strings", "ip_public"}


@pytest.mark.parametrize("name", PLUGINS)
def test_whatever_a_plugin_finds_it_is_asked_about(name: str, monkeypatch) -> None:
    plugin = secrets._plugin(name)
    asked = set()
    monkeypatch.setattr(secrets, "_plugin", lambda other: asked.add(other) or silent)

    class silent:  # noqa: N801
        analyze_string = staticmethod(lambda _line: ())

    patterns = st.sampled_from(list(plugin.denylist))
    lines = patterns.flatmap(lambda p: st.from_regex(p, alphabet=ASCII))
    around = st.text(ASCII, max_size=5)

    @settings(
        max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(around, lines, around)
    def check(before: str, line: str, after: str) -> None:
        line = f"{before}{line}{after}".splitlines()[0] if (before + line).strip() else ""
        if any(plugin.analyze_string(line)):
            asked.clear()
            secrets.scan_text(f"a: 1\n{line}\nb: 2", file="f")
            assert name in asked

    check()


def test_every_plugin_that_knows_a_shape_has_a_row() -> None:
    import pkgutil

    from detect_secrets import plugins

    modules = {module.name for module in pkgutil.iter_modules(plugins.__path__)} - {"base"}
    assert modules - LEFT_OUT == {name.partition(":")[0] for name in PLUGINS}
