"""Renders the instructions of a target: an owned block of CLAUDE.md, or a rule beside AGENTS.md.

Facts, conventions, fragments and free text of canonical.yaml, in that order, terse; nothing at all
where there is nothing to say. Where the block stands:

    AGENTS.md alone, bridge "rules"    .claude/rules/hub.md (a new CLAUDE.md would hide AGENTS.md)
    AGENTS.md alone, bridge "import"   CLAUDE.md, beginning with `@AGENTS.md`
    host, or .claude/CLAUDE.md there   .claude/CLAUDE.md
    anything else                      CLAUDE.md
    commit: false                      CLAUDE.local.md instead of CLAUDE.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.address import Address
from hubctl.model.item import BlockText, FileText, Item
from hubctl.model.source_names import select
from hubctl.model.target import Instructions
from hubctl.render.markdown import bullet, code, fit, one_line, titled
from hubctl.render.origin import html_origin, without_markers
from hubctl.render.spec import is_committed, map_at, shared_scope, text_at, texts_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.model.target import Source, Subject

NAME = "instructions"
BLOCK = "block:hubctl"
AGENTS_IMPORT = "@AGENTS.md"


def render(subject: Subject) -> tuple[Item, ...]:
    """The block, or the rule file, or nothing."""
    level = 2 if subject.target.is_host else 3
    sections = [section for section in _sections(subject, level) if section]
    if not sections:
        return ()
    text = "\n\n".join([*_title(subject), *sections]) + "\n"
    if _is_bridged(subject) and text_at(_own(subject), "bridge") != "import":
        return (_rule(subject, text),)
    return (_block(subject, text),)


def _own(subject: Subject) -> dict[str, object]:
    return dict(map_at(subject.spec, "instructions"))


def _is_bridged(subject: Subject) -> bool:
    return not subject.target.is_host and subject.facts.instructions is Instructions.AGENTS_ONLY


def _rule(subject: Subject, text: str) -> Item:
    taken = {source.name for source in subject.sources.get("rules", ())}
    name = "hub.md" if "hub.md" not in taken else "hubctl.md"
    return Item(
        address=Address(target=subject.target.name, path=f".claude/rules/{name}"),
        value=FileText(text=f"{html_origin(subject.canonical)}\n\n{text}"),
        scope=shared_scope(subject),
        renderer=NAME,
        spec=_decider(subject),
    )


def _block(subject: Subject, text: str) -> Item:
    head = f"{AGENTS_IMPORT}\n\n" if _is_bridged(subject) else ""
    return Item(
        address=Address(target=subject.target.name, path=_block_path(subject), fragment=BLOCK),
        value=BlockText(text=without_markers(f"{head}{text}"), comment="html"),
        scope=shared_scope(subject),
        renderer=NAME,
        spec=_decider(subject),
    )


def _decider(subject: Subject) -> tuple[str, ...]:
    """The first part of the spec that says anything of what stands in the text."""
    keys = (NAME, "description", "language", "test_command")
    return next(((key,) for key in keys if subject.spec.get(key)), ())


def _block_path(subject: Subject) -> str:
    if subject.target.is_host:
        return ".claude/CLAUDE.md"
    if not is_committed(subject):
        return "CLAUDE.local.md"
    inside = subject.facts.instructions is Instructions.CLAUDE_DIR
    return ".claude/CLAUDE.md" if inside else "CLAUDE.md"


def _title(subject: Subject) -> tuple[str, ...]:
    if subject.target.is_host:
        return ()
    return (f"## {one_line(text_at(subject.spec, 'name')) or subject.target.name}",)


def _sections(subject: Subject, level: int) -> Iterator[str]:
    own = _own(subject)
    yield one_line(text_at(subject.spec, "description"))
    yield _facts(subject)
    yield _conventions(texts_at(own, "conventions"), level)
    for source in _fragments(subject, texts_at(own, "fragments")):
        title = source.name.removesuffix(".md").replace("-", " ").capitalize()
        yield titled(fit(source.text, level), title, level)
    yield titled(fit(text_at(own, "text"), level), "Notes", level)


def _facts(subject: Subject) -> str:
    language = one_line(text_at(subject.spec, "language"))
    test_command = text_at(subject.spec, "test_command").strip()
    lines = [f"- Language: {language}"] if language else []
    if test_command:
        lines.append(f"- Run the tests with {code(test_command)}")
    return "\n".join(lines)


def _conventions(conventions: tuple[str, ...], level: int) -> str:
    lines = [bullet(convention) for convention in conventions if convention.strip()]
    return "\n".join([f"{'#' * level} Conventions", "", *lines]) if lines else ""


def _fragments(subject: Subject, names: tuple[str, ...]) -> tuple[Source, ...]:
    """The fragments in the order of the names, each once; those of one name by their own."""
    sources = {source.name: source for source in subject.sources.get("fragments", ())}
    chosen = (path for name in names for path in select(name, sources, "fragments"))
    return tuple(sources[path] for path in dict.fromkeys(chosen))
