"""How a report is to be shown. Filled in by the command line; formats look at nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

SourceLine = Callable[[str, int], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a format may be told.

    Attributes:
        width: columns of the terminal; 0 where lines may be as long as they like (a pipe).
        colour: ANSI colours may be used; unicode: characters beyond ASCII of ours may.
        verbose: nothing is shortened and all targets are named; quiet: only what is not clean.
        blame: address → who or what changed it, one sentence.
        home: home directory, shown as `~`; "" shows full paths.
        base: absolute folder that file names of annotations are relative to (a checkout in CI);
            "" stands for each target's own root.
        line: (file, line from 1) → that line's text, None where it cannot be read.
    """

    width: int = 80
    colour: bool = False
    unicode: bool = True
    verbose: bool = False
    quiet: bool = False
    blame: Mapping[str, str] = field(default_factory=dict)
    home: str = ""
    base: str = ""
    line: SourceLine | None = None

    def place(self, path: str) -> str:
        """An absolute path as people write it."""
        home = self.home.rstrip("/")
        if home and (path == home or path.startswith(home + "/")):
            return "~" + path[len(home) :]
        return path
