"""Asking before something is written: only somebody at a terminal is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def _nothing() -> None:
    """A question that needs no showing."""


def consent(
    question: str,
    *,
    yes: bool = False,
    show: Callable[[], None] = _nothing,
    hint: str = "add --yes",
    refusal: str = "nothing was changed",
) -> None:
    """Go on only where somebody says so.

    Args:
        question: what is asked on stderr.
        yes: it was said on the command line.
        show: what has to be seen before the question.
        hint: what helps where nobody is there.
        refusal: what is said to a no.

    Raises:
        UsageError: they say no, or nobody is there.
    """
    import sys

    import click

    from hubctl.errors import UsageError

    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("nobody is here to say yes", hint=hint)
    show()
    if not click.confirm(question, err=True):
        raise UsageError(refusal)
