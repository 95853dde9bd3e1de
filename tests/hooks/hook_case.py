"""One hook called in-process, with its row's defaults and a memory of its own."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict, nonsense
from hubctl.system.hooks_package import registry

if TYPE_CHECKING:
    from pathlib import Path


class Clocked(Context):
    """A context whose clock the test turns."""

    __slots__ = ("time",)

    def now(self) -> float:
        return float(self.time)


@dataclass
class Case:
    hook: str
    folder: Path
    options: dict[str, Any] = field(default_factory=dict)
    time: float = 1_000_000.0
    samples: list[dict[str, object]] = field(default_factory=list)
    own: str = ""
    state: str = ""

    def decide(self, event: dict[str, Any]) -> Verdict | None:
        row = registry.find(self.hook)
        assert row is not None
        session = str(event.get("session_id", ""))
        options = {**row.options, **self.options}
        own, state = self.own or str(self.folder / "own"), self.state or str(self.folder / "state")
        context = Clocked(row.id, options, own, state, session)
        context.time = self.time
        verdict = importlib.import_module(row.module).decide(Event(event), context)
        assert nonsense(verdict) == ""
        self.samples = context.samples
        return verdict

    def says(self, event: dict[str, Any]) -> str:
        verdict = self.decide(event)
        return verdict.context if verdict else ""


def without_state(case: Case) -> Case:
    """The same case where the state folder cannot be made."""
    case.folder.mkdir(exist_ok=True)
    (case.folder / "state").write_text("")
    return case
