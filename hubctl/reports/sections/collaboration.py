"""Collaboration, a dimension of SPACE: what git tells, and gh where it was asked. Counts alone."""

from __future__ import annotations

from dataclasses import dataclass

from hubctl.reports.document import (
    COUNT,
    PERCENT,
    SECONDS,
    Figure,
    Section,
    enough,
    without_source,
)

_GIT = "git history"
_GH = "gh"
_FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Collaboration:
    """What git, and gh where it was asked, tell of a span.

    Attributes:
        repositories: how many git could tell of. merged, reviewed, hours, review_hours: of pull
            requests; None where gh was not asked or could not tell.
        problems: of how many repositories gh could not tell, and why.
    """

    repositories: int = 0
    commits: int = 0
    authors: int = 0
    merges: int = 0
    shared: int = 0
    merged: int | None = None
    reviewed: int | None = None
    hours: float | None = None
    review_hours: float | None = None
    problems: tuple[str, ...] = ()


def collaboration_section(found: Collaboration) -> Section:
    """What is known of it, and why the rest is not."""
    rows = (
        (
            "authors",
            "Authors",
            COUNT,
            float(found.authors),
            "People who wrote commits, as many as have an address of their own in one repository.",
        ),
        ("merges", "Merges", COUNT, float(found.merges), "Commits that join two lines of work."),
        (
            "shared",
            "Commits with a co-author",
            PERCENT,
            100 * found.shared / found.commits if found.commits else 0.0,
            "Share of commits that name another author; a tool that adds itself counts too.",
        ),
    )
    from_git = [
        Figure(id=name, title=title, unit=unit, value=value, definition=words, source=_GIT)
        for name, title, unit, value, words in rows
    ]
    if not found.repositories:
        from_git = [without_source(figure) for figure in from_git]
    return Section(
        id="collaboration",
        title="Communication and collaboration",
        about=f"Source: git history of {found.repositories} repositories. Names are not kept.",
        figures=(*from_git, *_pull_requests(found)),
        notes=_of_gh(found),
    )


def _of_gh(found: Collaboration) -> tuple[str, ...]:
    """Why there is nothing of pull requests, or not of all repositories."""
    if found.problems:
        return tuple(f"Pull requests are not known {why}." for why in found.problems)
    if found.merged is None:
        return (
            "Reviews are known to the service that hosts the repositories: with `gh` installed and"
            " signed in, `hubctl report space --gh` asks it.",
        )
    return ()


def _pull_requests(found: Collaboration) -> tuple[Figure, ...]:
    merged = found.merged or 0
    rows = (
        ("reviewed", "Pull requests reviewed", PERCENT,
         100 * (found.reviewed or 0) / merged if merged else None,
         "Share of merged pull requests that somebody else reviewed."),
        ("review_wait", "From opening to review", SECONDS, _seconds(found.review_hours),
         "Median time to the first review by somebody else."),
        ("review_time", "From opening to merge", SECONDS, _seconds(found.hours),
         "Median time of merged pull requests."),
    )  # fmt: skip
    figures = [
        Figure(
            id=name,
            title=title,
            unit=unit,
            value=value,
            needed=_FEW,
            definition=words,
            source=_GH,
        )
        for name, title, unit, value, words in rows
    ]
    if found.merged is None:
        return tuple(map(without_source, figures))
    known = (merged, found.reviewed or 0, merged)
    return tuple(enough(figure, have) for figure, have in zip(figures, known, strict=True))


def _seconds(hours: float | None) -> float | None:
    return None if hours is None else hours * 3600
