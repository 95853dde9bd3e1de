"""Facts of a target: the few things rendering may depend on, looked at before it.

Everything else about a target is observed afterwards, against what was rendered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.documents import DocumentError, Edit, edit_document
from hubctl.model.address import Address
from hubctl.model.target import Facts, Instructions

if TYPE_CHECKING:
    from hubctl.system.files import Files
    from hubctl.system.git import GitFacts


def look_at(root: str, git: GitFacts | None, door: Files) -> Facts:
    """The facts of the repository at `root`."""
    return Facts(
        git=git is not None,
        linked_worktree=git is not None and git.linked_worktree,
        instructions=_instructions(root, door),
    )


def _instructions(root: str, door: Files) -> Instructions:
    if _stands(f"{root}/AGENTS.md", door):
        return _beside_agents(root, door)
    if _stands(f"{root}/CLAUDE.md", door):
        return Instructions.CLAUDE
    inside = _stands(f"{root}/.claude/CLAUDE.md", door)
    return Instructions.CLAUDE_DIR if inside else Instructions.NONE


def _stands(path: str, door: Files) -> bool:
    """Whether something stands there; what cannot be looked at is told when it is observed."""
    try:
        return door.look(path) is not None
    except OSError:
        return False


def _beside_agents(root: str, door: Files) -> Instructions:
    """AGENTS.md is only read by the client where no CLAUDE.md is; ours must not take its place."""
    if _has_text_of_its_own(f"{root}/CLAUDE.md", door):
        return Instructions.CLAUDE
    if _has_text_of_its_own(f"{root}/.claude/CLAUDE.md", door):
        return Instructions.CLAUDE_DIR
    return Instructions.AGENTS_ONLY


def _has_text_of_its_own(path: str, door: Files) -> bool:
    try:
        data = door.read(path)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    block = Address(target="repository", path="CLAUDE.md", fragment="block:hubctl")
    try:
        rest = edit_document("CLAUDE.md", data, [Edit(address=block, value=None)], {}).data
    except DocumentError:
        return True
    return bool((rest or b"").strip())
