"""L2: what canonical wants at a target. Owns the literal table of renderers and their one caller.

A renderer is one file and one row: a pure function from a Subject to Items. Rows name their
function by text, so that a command loads only the renderers it runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from hubctl.errors import SpecError, UsageError
from hubctl.model.state import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hubctl.model.address import Address
    from hubctl.model.item import Item
    from hubctl.model.target import Subject

    Render = Callable[[Subject], Iterable[Item]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """One row of the table.

    Attributes:
        name: what `--only` takes and `Item.renderer` says.
        targets: which kind of target it renders for.
        render: `package.module:function` of type `Callable[[Subject], Iterable[Item]]`.
    """

    name: str
    targets: Literal["repository", "host", "both"]
    render: str

    def serves(self, subject: Subject) -> bool:
        """Whether this row has something to say about the subject's kind of target."""
        return self.targets in ("both", "host" if subject.target.is_host else "repository")

    def load(self) -> Render:
        """The function that the row names."""
        return _function(self.render)


@cache
def _function(name: str) -> Render:
    module, _, function = name.partition(":")
    loaded: Render = getattr(import_module(module), function)
    return loaded


RENDERERS: tuple[Renderer, ...] = (
    Renderer(name="settings", targets="both", render="hubctl.render.settings:render"),
    Renderer(name="hooks", targets="both", render="hubctl.render.hooks:render"),
    Renderer(name="hook-link", targets="repository", render="hubctl.render.hook_link:render"),
    Renderer(name="hook-registry", targets="both", render="hubctl.render.hook_registry:render"),
    Renderer(name="mcp", targets="repository", render="hubctl.render.mcp:render"),
    Renderer(name="instructions", targets="both", render="hubctl.render.instructions:render"),
    Renderer(name="rules", targets="both", render="hubctl.render.rules:render"),
    Renderer(name="commands", targets="both", render="hubctl.render.commands:render"),
    Renderer(name="skills", targets="both", render="hubctl.render.skills:render"),
    Renderer(name="agents", targets="both", render="hubctl.render.agents:render"),
    Renderer(name="output-styles", targets="both", render="hubctl.render.output_styles:render"),
    Renderer(name="gitignore", targets="repository", render="hubctl.render.gitignore:render"),
    Renderer(name="pre-commit", targets="repository", render="hubctl.render.pre_commit:render"),
    Renderer(name="ci", targets="repository", render="hubctl.render.ci:render"),
    Renderer(name="units", targets="host", render="hubctl.render.units:render"),
    Renderer(name="monitoring", targets="host", render="hubctl.render.monitoring:render"),
    Renderer(name="launchd", targets="host", render="hubctl.render.launchd:render"),
)


def render(subject: Subject, only: str | None = None) -> tuple[Item, ...]:
    """Everything desired at one target, sorted by address.

    In a linked worktree only committed things are desired: local ones belong to the main checkout.
    Local files of any row bring the block of `.git/info/exclude` with them, always whole.

    Args:
        subject: the target, its resolved spec and its sources.
        only: name of the one renderer whose items to return; None returns all.

    Raises:
        UsageError: no renderer has that name.
        SpecError: two renderers want the same address, or the spec has a shape that no file can
            have.
    """
    # No row of its own: it needs the items of all rows, whichever of them are asked for.
    from hubctl.render.exclude import exclude_items
    from hubctl.render.owned import owned_items

    asked = {row.name for row in _rows(only)}
    wanted = tuple(_claimed(subject).values())
    excluded = exclude_items(subject, wanted)
    kept = [item for item in wanted if item.renderer in asked]
    if only is None or any(item.scope is Scope.LOCAL for item in kept):
        kept += excluded
    if "hook-registry" in asked:
        kept += owned_items(subject, (*wanted, *excluded))
    committed_only = subject.facts.linked_worktree
    return tuple(
        item
        for item in sorted(kept, key=_place)
        if not (committed_only and item.scope is Scope.LOCAL)
    )


def _place(item: Item) -> tuple[str, str]:
    """The order of addresses of one target, as what compares fastest."""
    return item.address.path, item.address.fragment


def _claimed(subject: Subject) -> Mapping[Address, Item]:
    wanted: dict[Address, Item] = {}
    for row in RENDERERS:
        if row.serves(subject):
            for item in row.load()(subject):
                _claim(wanted, item)
    return wanted


def _rows(only: str | None) -> tuple[Renderer, ...]:
    if only is None:
        return RENDERERS
    rows = tuple(row for row in RENDERERS if row.name == only)
    if not rows:
        names = ", ".join(sorted(row.name for row in RENDERERS))
        raise UsageError(f"no renderer is called {only!r}", hint=f"renderers: {names}")
    return rows


def _claim(wanted: dict[Address, Item], item: Item) -> None:
    other = wanted.setdefault(item.address, item)
    if other is not item:
        raise SpecError(
            f"{item.address} is wanted twice: by renderer {other.renderer} and by {item.renderer}",
            spec=item.spec,
            hint=f"keep one of {_spelled(other)} and {_spelled(item)} in canonical.yaml",
        )


def _spelled(item: Item) -> str:
    return ".".join(item.spec) or item.renderer
