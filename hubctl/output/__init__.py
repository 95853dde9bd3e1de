"""L2: output formats, pure functions from reports to text.

One row in FORMATS per format; a format's module is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hubctl.model.report import Report
    from hubctl.output.options import Options

    Format = Callable[[Report, Options], str]


def _lazy(module: str, function: str) -> Format:
    """The function of a module of this package, which is imported by the first call."""

    def show(report: Report, options: Options) -> str:
        from importlib import import_module

        found: Format = getattr(import_module(f"hubctl.output.{module}"), function)
        return found(report, options)

    return show


FORMATS: Final[Mapping[str, Format]] = {
    "text": _lazy("text", "text"),
    "json": _lazy("json_format", "report_json"),
    "sarif": _lazy("sarif", "sarif"),
    "junit": _lazy("junit", "junit"),
    "markdown": _lazy("markdown", "markdown"),
    "github": _lazy("github", "github"),
}
