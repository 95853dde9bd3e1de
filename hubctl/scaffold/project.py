"""A new project's files, made by copier; its refusals in one sentence each."""

from __future__ import annotations

import contextlib
import warnings
from typing import TYPE_CHECKING, Any

from hubctl.errors import OperationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.scaffold.sources import Source

ANSWERS = ".copier-answers.yml"
"""Where a project keeps what it was made of and answered."""


def make(source: Source, folder: str, answers: Mapping[str, Any], *, trust: bool) -> None:
    """Write the files of a new project into an empty folder.

    Args:
        source: the template.
        folder: where.
        answers: to its questions; the others take their defaults.
        trust: it may run programs of its own.

    Raises:
        UsageError: the template is none, wants an answer, or wants to run something untrusted.
        OperationError: nothing can be written there.
    """
    from copier import run_copy

    with readable(source.url):
        run_copy(
            source.url,
            folder,
            data=dict(answers),
            vcs_ref=source.version or None,
            defaults=True,
            overwrite=True,
            quiet=True,
            unsafe=trust,
        )


@contextlib.contextmanager
def readable(url: str) -> Iterator[None]:
    """Copier's refusals in one sentence each.

    Raises:
        UsageError, OperationError: see above.
    """
    from copier.errors import CopierError, UnsafeTemplateError, UserMessageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except UnsafeTemplateError as error:
        raise UsageError(
            f"the template {url} wants to run programs of its own: {_line(error)}",
            hint="read what it would run; then allow it with --trust",
        ) from error
    except (UserMessageError, CopierError, ValueError) as error:
        raise UsageError(f"the template {url} cannot be used: {_line(error)}") from error
    except OSError as error:
        raise OperationError(f"cannot write {error.filename}: {error.strerror}") from error
    except Exception as error:
        # Jinja, YAML and git each have their own; what they say belongs to the template.
        if type(error).__module__.split(".")[0] in ("jinja2", "yaml", "plumbum", "pydantic"):
            raise UsageError(f"the template {url} cannot be used: {_line(error)}") from error
        raise


def _line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text[:300] or type(error).__name__
