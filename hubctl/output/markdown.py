"""Markdown for pull-request comments and job summaries: tables, every cell escaped.

Text from files must not become a link, a mention, markup or another column.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hubctl.output.cells import clip, printable
from hubctl.output.summary import beside, headline, next_steps, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hubctl.model.finding import Finding, Location
    from hubctl.model.report import Report
    from hubctl.output.options import Options

_MOST_ROWS: Final = 150  # a comment of GitHub holds 65,536 characters
_LONGEST_CELL: Final = 160
_SPECIAL: Final = r"([\\`*_{}\[\]<>|~&$])"
_CHANGES: Final = ("Status", "Address", "Why", "Decided by", "Fix")
_FINDINGS: Final = ("Severity", "Where", "What", "Rule", "Fix")


def markdown(report: Report, options: Options) -> str:
    """A heading, the summary, one table of what counts, the notes folded away."""
    word, counts = headline(report)
    lines = [f"### hubctl {report.command}: {report.verdict.value}", ""]
    lines += [f"**{escape(word + counts)}**", ""]
    told = [(_status(f), f) for f in report.told().values()]
    counting = [(status, f) for status, f in told if f.exit_code]
    notes = [(status, f) for status, f in told if not f.exit_code]
    lines += table(_CHANGES, [_change(status, f, options) for status, f in counting])
    lines += table(_FINDINGS, [_found(finding, options) for finding in beside(report)])
    if notes:
        rows = [_change(status, f, options) for status, f in notes]
        summary = f"<details><summary>{plural(len(notes), 'note')}</summary>"
        lines += [summary, "", *table(_CHANGES, rows), "</details>", ""]
    lines += [f"- {label}: {code(command)}" for label, command in next_steps(report)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _status(finding: Finding) -> str:
    return finding.rule.partition("/")[2]


def _change(status: str, finding: Finding, options: Options) -> tuple[str, ...]:
    blame = options.blame.get(finding.address, "")
    why = f"{finding.message} ({blame})" if blame else finding.message
    address, fix = code(finding.address), _fix(options.sentence(finding.hint))
    return status, address, escape(why), _place(finding.decided_by, options), fix


def _found(finding: Finding, options: Options) -> tuple[str, ...]:
    where = _place(finding.location, options) or code(finding.address)
    what = finding.message + (f"; expected {finding.expected}" if finding.expected else "")
    fix = _fix(options.sentence(finding.hint))
    return finding.severity.value, where, escape(options.sentence(what)), finding.rule, fix


def _place(location: Location | None, options: Options) -> str:
    return code(options.place(str(location))) if location else ""


def _fix(hint: str) -> str:
    """A command as code; what else may be done as words."""
    command, _, other = hint.partition(", or ") if hint.startswith("hubctl ") else ("", "", hint)
    return " or ".join(filter(None, (code(command), escape(other))))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table whose cells are escaped already; none without rows."""
    if not rows:
        return
    yield from (_row(head), _row(["---"] * len(head)))
    yield from (_row(row) for row in rows[:_MOST_ROWS])
    yield ""
    if len(rows) > _MOST_ROWS:
        yield f"… and {len(rows) - _MOST_ROWS} more, which the job's log lists"
        yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escape(text: str) -> str:
    """`text` as words: no markup, no mention, no line end."""
    safe = re.sub(_SPECIAL, r"\\\1", clip(printable(text), _LONGEST_CELL))
    return safe.replace("@", "@<!-- -->")


def code(text: str) -> str:
    """`text` as a code span, whatever backticks and pipes it holds; "" for none."""
    if not text:
        return ""
    text = printable(text).replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    gap = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{gap}{text}{gap}{fence}"
