"""How a report is to be shown. Filled in by the command line; formats look at nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_AFTER_A_PATH = frozenset(("", "/", ":", ",", ";", ".", ")"))
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

    def sentence(self, text: str) -> str:
        """A sentence or command with the paths in it as people write them.

        Inside quotes a shell would not expand `~`, so what is quoted stays as it is.
        """
        home = self.home.rstrip("/")
        if not home or home not in text:
            return text
        return " ".join(self._word(word, home) for word in text.split(" "))

    @staticmethod
    def _word(word: str, home: str) -> str:
        bare = word.lstrip("(")
        path, ends = bare[: len(home)], bare[len(home) : len(home) + 1]
        if path != home or ends not in _AFTER_A_PATH:
            return word
        return word[: len(word) - len(bare)] + "~" + bare[len(home) :]
