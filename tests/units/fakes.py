"""A runner that answers from a table and remembers what it was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.system.process import Completed, ProgramMissingError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass
class FakeRunner:
    """`answers`: verb → (exit code, stdout, stderr); what is not there succeeds silently."""

    answers: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    missing: bool = False
    calls: list[tuple[str, ...]] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)

    def __call__(
        self,
        args: Sequence[str],
        *,
        timeout: float,
        env: Mapping[str, str] | None = None,
        input: str = "",
        cwd: str | None = None,
    ) -> Completed:
        assert timeout > 0
        if self.missing:
            raise ProgramMissingError(f"{args[0]} cannot be run: No such file or directory")
        self.calls.append(tuple(args))
        self.inputs.append(input)
        verb = next((arg for arg in args[1:] if arg in self.answers), "")
        code, out, err = self.answers.get(verb, (0, "", ""))
        return Completed(args=tuple(args), returncode=code, stdout=out, stderr=err)
