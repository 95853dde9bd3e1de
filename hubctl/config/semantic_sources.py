"""Checks of the names of sources: commands, skills, agents, rules, output styles, fragments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from hubctl.config.places import path_text
from hubctl.config.problems import problem, shown, warning
from hubctl.config.semantic_bodies import added, bodies
from hubctl.model.source_names import KINDS, problem_of

if TYPE_CHECKING:
    from hubctl.config.load import Canonical
    from hubctl.config.places import DocPath
    from hubctl.model.finding import Finding

Missing = Callable[[str, tuple[str, ...]], Collection[str]]
"""From a kind of source (`output-styles`) and names to those of them that lead nowhere."""


def source_findings(canonical: Canonical, missing: Missing | None) -> Iterator[Finding]:
    """Names that may not be looked up at all, and names that lead nowhere."""
    for kind in KINDS:
        named = tuple(_named(canonical, kind))
        unsafe = {name for _, name in named if problem_of(name, kind)}
        names = tuple(dict.fromkeys(name for _, name in named if name not in unsafe))
        lost = set(missing(kind, names)) if missing is not None and names else set()
        for path, name in named:
            if name in unsafe:
                message = f"`{shown(name)}` {problem_of(name, kind)}"
                where = canonical.location(path, value=True)
                expected = f"a name inside the hub's folder `{kind}/`"
                yield problem(
                    "source-name", message, where, path=path_text(path), expected=expected
                )
            elif name in lost:
                yield _lost(canonical, kind, path, name)


def _named(canonical: Canonical, kind: str) -> Iterator[tuple[DocPath, str]]:
    key = kind.replace("-", "_")
    for path, body in bodies(canonical.document):
        for at, name in added(body.get(key), (*path, key)):
            if isinstance(name, str):
                yield at, name


def _lost(canonical: Canonical, kind: str, path: DocPath, name: str) -> Finding:
    return warning(
        "unknown-source",
        f"nothing in `{kind}/` is called `{shown(name)}`",
        canonical.location(path, value=True),
        path=path_text(path),
        expected=f"a name from the hub's folder `{kind}/`, or of what hubctl ships",
        hint=f"`hubctl apply` refuses until {kind}/{shown(name)} exists or the name is gone",
    )
