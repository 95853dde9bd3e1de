from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.model.item import FileText
from hubctl.model.state import Scope
from hubctl.render import agents, commands, output_styles, rules, skills
from hubctl.render.origin import with_origin

from .subjects import source, subject, text_of

MARK = "<!-- hubctl: from commands/a.md; edit there, then run hubctl apply -->"
HASH = "# hubctl: from skills/s/run.sh; edit there, then run hubctl apply"
FRONT = "---\ndescription: Does it\n---\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{FRONT}\nBody\n", f"{FRONT}{MARK}\n\nBody\n"),
        (f"{FRONT}Body", f"{FRONT}{MARK}\n\nBody\n"),
        (FRONT, f"{FRONT}{MARK}\n"),
        ("---\ndescription: Does it\n---", f"{FRONT}{MARK}\n"),
        ("---\nmodel: x\n---\n\nBody\n", f"---\nmodel: x\n---\n\nBody\n\n{MARK}\n"),
        ("Body\n", f"Body\n\n{MARK}\n"),
        ("---\nnever: closed\n", f"---\nnever: closed\n\n{MARK}\n"),
        ("", f"{MARK}\n"),
    ],
)
def test_the_origin_of_a_command_stands_behind_what_the_client_reads_first(
    text: str, expected: str
) -> None:
    assert with_origin("commands", "a.md", text, "commands/a.md") == expected


@pytest.mark.parametrize("kind", ["rules", "agents", "output-styles"])
def test_elsewhere_the_origin_stands_on_top_even_without_a_description(kind: str) -> None:
    assert with_origin(kind, "a.md", "Body\n", "commands/a.md") == f"{MARK}\n\nBody\n"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("s/run.sh", "#!/bin/sh\nls\n", f"#!/bin/sh\n{HASH}\nls\n"),
        ("s/run", "#!/usr/bin/env python3\nx = 1\n", f"#!/usr/bin/env python3\n{HASH}\nx = 1\n"),
        (
            "s/run",
            "#!/usr/bin/env -S uv run --script\n# /// script\n# ///\n",
            f"#!/usr/bin/env -S uv run --script\n{HASH}\n# /// script\n# ///\n",
        ),
        (
            "s/x.py",
            "#!/usr/bin/python\n# -*- coding: latin-1 -*-\nx = 1\n",
            f"#!/usr/bin/python\n# -*- coding: latin-1 -*-\n{HASH}\nx = 1\n",
        ),
        ("s/x.py", "x = 1", f"{HASH}\nx = 1\n"),
        ("s/run.js", "#!/usr/bin/env node\nx()\n", None),
        ("s/data.json", "{}\n", None),
        ("s/page.html", "<p>", None),
        ("s/assets/TEMPLATE.md", "# Copy me\n", None),
        ("s/assets/run.sh", "#!/bin/sh\n", None),
    ],
)
def test_scripts_keep_their_first_line_and_other_formats_are_untouched(
    name: str, text: str, expected: str | None
) -> None:
    assert with_origin("skills", name, text, "skills/s/run.sh") == (expected or text)


def test_what_is_shipped_says_how_to_replace_it() -> None:
    text = with_origin("rules", "a.md", "Body\n", "hubctl:templates/rules/a.md")
    assert "to change it put rules/a.md into the hub" in text


def test_a_file_name_cannot_end_the_comment() -> None:
    text = with_origin("rules", "a.md", "Body\n", "rules/a-->b.md")
    assert text.splitlines()[0].count("-->") == 1


LINES = st.lists(
    st.sampled_from(
        ["---", "", "Body", "description: x", "name: y", MARK, "#!/bin/sh", "# coding: utf-8"]
    ),
    max_size=7,
).map("\n".join)


@settings(max_examples=100)
@given(LINES, st.sampled_from(["commands", "rules", "skills"]), st.sampled_from(["a.md", "a.sh"]))
def test_adding_the_origin_twice_is_adding_it_once(text: str, kind: str, name: str) -> None:
    once = with_origin(kind, name, text, "commands/a.md")
    assert with_origin(kind, name, once, "commands/a.md") == once


@pytest.mark.parametrize(
    ("module", "kind"),
    [
        (commands, "commands"),
        (skills, "skills"),
        (agents, "agents"),
        (rules, "rules"),
        (output_styles, "output-styles"),
    ],
)
@pytest.mark.parametrize(
    ("host", "commit", "scope"),
    [
        (False, True, Scope.COMMITTED),
        (False, False, Scope.LOCAL),
        (True, True, Scope.LOCAL),
    ],
)
def test_each_source_becomes_one_file(
    module: Any, kind: str, host: bool, commit: bool, scope: Scope
) -> None:
    key = kind.replace("-", "_")
    found = (source("a/b.md", "B\n", folder=kind), source("c.md", "C\n", folder=kind))
    items = module.render(
        subject({key: ["x", "a/", "c"], "commit": commit}, host=host, **{key: found})
    )
    target = "host" if host else "api"
    assert [(str(i.address), i.scope, i.renderer, i.spec) for i in items] == [
        (f"{target}:.claude/{kind}/a/b.md", scope, kind, (key, "=a/")),
        (
            f"{target}:.claude/{kind}/c.md",
            scope,
            kind,
            # A skill is always a folder, so the name `c` cannot be what brought this file.
            (key,) if kind == "skills" else (key, "=c"),
        ),
    ]
    assert all(f"hubctl: from {kind}/" in text_of(item) for item in items)


def test_a_script_of_a_skill_stays_executable() -> None:
    found = (source("s/run.sh", "#!/bin/sh\n", folder="skills", executable=True),)
    (item,) = skills.render(subject(skills=found))
    assert isinstance(item.value, FileText)
    assert item.value.executable


def test_a_hub_in_the_clients_folder_never_renders_a_file_onto_itself() -> None:
    found = (
        source("a.md", "A\n", path="/home/dev/.claude/commands/a.md"),
        source("b.md", "B\n", path="/home/dev/hub/commands/b.md"),
    )
    at_host = commands.render(subject(host=True, commands=found))
    in_repository = commands.render(subject(commands=found))
    assert [item.address.path for item in at_host] == [".claude/commands/b.md"]
    assert len(in_repository) == 2


def test_an_empty_file_of_a_skill_is_copied_too() -> None:
    found = (source("s/pkg/__init__.py", "", folder="skills"), source("s/x", "", folder="skills"))
    assert [text_of(item) for item in skills.render(subject(skills=found))] == [
        "# hubctl: from skills/s/pkg/__init__.py; edit there, then run hubctl apply\n",
        "",
    ]


def test_nothing_named_gives_nothing() -> None:
    assert commands.render(subject()) == ()
