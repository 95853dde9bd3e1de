"""Subjects and sources for the tests of text renderers, made from a few keywords."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hubctl.model.item import BlockText, FileText, Item
from hubctl.model.target import Facts, Instructions, Source, Subject, Target
from tests.render.golden_case import MACHINE

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"

HOST = Target(name="host", root="/home/dev", roots={".claude/": "/home/dev/.claude"})
API = Target(name="api", root="/home/dev/src/api", common_dir="/home/dev/src/api/.git")


def source(name: str, text: str, *, folder: str = "commands", **more: Any) -> Source:
    return Source(name=name, text=text, shown=f"{folder}/{name}", **more)


def subject(
    spec: dict[str, object] | None = None,
    *,
    host: bool = False,
    facts: Facts | None = None,
    instructions: Instructions = Instructions.NONE,
    **sources: tuple[Source, ...],
) -> Subject:
    return Subject(
        target=HOST if host else API,
        facts=facts or Facts(instructions=instructions),
        machine=MACHINE,
        hub="team",
        canonical="canonical.yaml",
        spec={"name": "host" if host else "api", **(spec or {})},
        sources={kind.replace("_", "-"): found for kind, found in sources.items()},
        document={"hub": {"package": "hubctl==1.0"}},
    )


def text_of(item: Item) -> str:
    assert isinstance(item.value, (BlockText, FileText))
    return item.value.text
