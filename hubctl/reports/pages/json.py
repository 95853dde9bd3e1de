"""A report as plain JSON values: schemas/activity-report.schema.json."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubctl.reports.document import Chart, Document, Figure, Section, Table

Json = dict[str, object]


def encode(document: Document) -> Json:
    """The document without its format and version."""
    span, before = document.span, document.span.before
    return {
        "kind": document.kind,
        "title": document.title,
        "first": span.first,
        "last": span.last,
        "before_first": before.first,
        "before_last": before.last,
        "compared": document.compared,
        "sections": encode_sections(document.sections),
    }


def encode_sections(sections: tuple[Section, ...]) -> list[Json]:
    """Sections as they stand in every document that has some."""
    return [_section(section) for section in sections]


def _section(section: Section) -> Json:
    return {
        "id": section.id,
        "title": section.title,
        "about": section.about,
        "figures": [_figure(figure) for figure in section.figures],
        "charts": [_chart(chart) for chart in section.charts],
        "tables": [_table(table) for table in section.tables],
        "notes": list(section.notes),
    }


def _figure(figure: Figure) -> Json:
    return {
        "id": figure.id,
        "title": figure.title,
        "unit": figure.unit,
        "state": figure.state,
        "value": _rounded(figure.value),
        "at_least": figure.at_least,
        "before": _rounded(figure.before),
        "level": figure.level,
        "have": figure.have,
        "needed": figure.needed,
        "text": figure.text,
        "definition": figure.definition,
        "source": figure.source,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 6)


def _chart(chart: Chart) -> Json:
    return {
        "title": chart.title,
        "unit": chart.unit,
        "labels": list(chart.labels),
        "values": [_rounded(value) for value in chart.values],
    }


def _table(table: Table) -> Json:
    return {
        "title": table.title,
        "head": list(table.head),
        "rows": [list(row) for row in table.rows],
    }
