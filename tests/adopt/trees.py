"""Trees of configuration as people and tools leave them: one row each, built into a folder.

A value is the bytes of a file, text, `Link(to)`, `Folder()`, or `Mode(bytes, mode)`.
"""

from __future__ import annotations

import json

from tests.adopt.building import Folder, Link, Mode, Pipe, Tree

S, L, M = ".claude/settings.json", ".claude/settings.local.json", ".mcp.json"


def settings(**keys: object) -> str:
    """A settings file as the client writes it."""
    return json.dumps(keys, indent=2) + "\n"


def hooks(groups: object, event: str = "PreToolUse") -> str:
    """A settings file with the groups of one event."""
    return settings(hooks={event: groups})


def deep(levels: int) -> str:
    return '{"model": "opus", "x": ' + "[" * levels + "]" * levels + "}\n"


RUN = {"type": "command", "command": "make check"}
HOOK = f"{S}#hook:PreToolUse/"
MODEL = f"{S}#/model"

TREES: dict[str, Tree] = {
    # -- nothing much ------------------------------------------------------------------------------
    "empty-repository": Tree(files={}),
    "empty-client-folder": Tree(files={".claude": Folder()}),
    "empty-object": Tree(files={S: "{}"}),
    "empty-object-spaced": Tree(files={S: "{\n\n}\n"}),
    "empty-file": Tree(files={S: ""}, told=(("adopt/syntax", S, 1),)),
    "only-spaces": Tree(files={S: " \n\t\n"}, told=(("adopt/syntax", S, 3),)),
    "plain": Tree(files={S: settings(model="opus")}, kept=(MODEL,)),
    "no-final-newline": Tree(files={S: '{"model": "opus"}'}, kept=(MODEL,)),
    # -- how it is written -------------------------------------------------------------------------
    "tabs": Tree(
        files={S: '{\n\t"model": "opus",\n\t"env": {\n\t\t"A": "1"\n\t}\n}\n'}, kept=(MODEL,)
    ),
    "crlf": Tree(files={S: '{\r\n  "model": "opus"\r\n}\r\n'}, kept=(MODEL,)),
    "bom": Tree(files={S: b'\xef\xbb\xbf{"model": "opus"}\n'}, kept=(MODEL,)),
    "one-line": Tree(files={S: '{"model":"opus","env":{"A":"1"}}'}, kept=(MODEL,)),
    "odd-spaces": Tree(
        files={S: '{  "model"  :"opus"  ,\n\n\n "env":{ "A" :"1"} }\n\n\n'}, kept=(MODEL,)
    ),
    "escapes": Tree(
        files={S: '{"model": "\\u006fpus", "language": "fran\\u00e7ais"}'}, kept=(MODEL,)
    ),
    "unicode": Tree(files={S: settings(model="opus", language="日本語 🦀")}, kept=(MODEL,)),
    # -- what is no JSON ---------------------------------------------------------------------------
    "line-comment": Tree(
        files={S: '{\n  // mine\n  "model": "opus"\n}\n'}, told=(("adopt/syntax", S, 2),)
    ),
    "block-comment": Tree(
        files={S: '{\n  "model": "opus" /* mine */\n}\n'}, told=(("adopt/syntax", S, 2),)
    ),
    "hash-comment": Tree(files={S: '# mine\n{"model": "opus"}\n'}, told=(("adopt/syntax", S, 1),)),
    "trailing-comma": Tree(files={S: '{\n  "model": "opus",\n}\n'}, told=(("adopt/syntax", S, 2),)),
    "trailing-comma-in-list": Tree(
        files={S: '{"permissions": {"allow": [\n"Bash(ls)",\n]}}'}, told=(("adopt/syntax", S, 2),)
    ),
    "merge-conflict": Tree(
        files={S: '{\n<<<<<<< HEAD\n  "model": "opus"\n=======\n  "model": "x"\n>>>>>>> b\n}\n'},
        told=(("adopt/syntax", S, 2),),
    ),
    "merge-conflict-instructions": Tree(
        files={"CLAUDE.md": "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n", S: settings(model="opus")},
        kept=(MODEL,),
    ),
    "nan": Tree(files={S: '{\n "cleanupPeriodDays": NaN\n}\n'}, told=(("adopt/syntax", S, 2),)),
    "infinity": Tree(files={S: '{"cleanupPeriodDays": -Infinity}'}, told=(("adopt/syntax", S, 1),)),
    "invalid-utf-8": Tree(files={S: b'{"model": "\xff\xfe"}\n'}, told=(("adopt/syntax", S, 1),)),
    "utf-16": Tree(files={S: '{"model": "opus"}'.encode("utf-16")}, told=(("adopt/syntax", S, 1),)),
    "truncated": Tree(files={S: '{"model": "op'}, told=(("adopt/syntax", S, 1),)),
    "single-quotes": Tree(files={S: "{'model': 'opus'}"}, told=(("adopt/syntax", S, 1),)),
    "yaml": Tree(files={S: "model: opus\n"}, told=(("adopt/syntax", S, 1),)),
    "a-list": Tree(files={S: "[]\n"}, told=(("adopt/no-object", S, 1),)),
    "a-string": Tree(files={S: '"opus"\n'}, told=(("adopt/no-object", S, 1),)),
    "null-file": Tree(files={S: "null\n"}, told=(("adopt/no-object", S, 1),)),
    "deep-2000": Tree(files={S: deep(2000)}, told=(("adopt/syntax", S, 1),)),
    "deep-objects": Tree(
        files={S: '{"x": ' * 2000 + "1" + "}" * 2000}, told=(("adopt/syntax", S, 1),)
    ),
    "deep-150": Tree(files={S: deep(150)}, kept=(MODEL,), told=(("adopt/left", S, 1),)),
    "huge-number": Tree(files={S: '{"n": ' + "9" * 5000 + "}"}, told=(("adopt/syntax", S, 1),)),
    # -- JSON that says something odd --------------------------------------------------------------
    "repeated-key": Tree(
        files={S: '{\n "model": "haiku",\n "model": "opus"\n}\n'},
        told=(("adopt/repeated-key", S, 3),),
        kept=(MODEL,),
    ),
    "repeated-key-inside": Tree(
        files={S: '{"env": {\n"A": "1",\n"A": "2"}}'}, told=(("adopt/repeated-key", S, 3),)
    ),
    "null-value": Tree(
        files={S: '{"model": "opus",\n "statusLine": null}'},
        told=(("adopt/left", S, 2),),
        kept=(MODEL,),
    ),
    "wrong-type": Tree(files={S: '{\n"model": 5}'}, told=(("settings/wrong-type", S, 2),)),
    "half-a-character": Tree(
        files={S: '{"model": "opus",\n"x": "\\ud83d"}'}, told=(("adopt/left", S, 2),), kept=(MODEL,)
    ),
    "control-character": Tree(
        files={S: '{"model": "opus", "x": "\\u0000\\u001b"}'},
        kept=(MODEL,),
        told=(("adopt/left", S, 1),),
    ),
    "vendor-keys": Tree(
        files={S: settings(model="opus", **{"acme.tool/v2": {"on": True, "n": 1.5, "e": 1e300}})},
        kept=(MODEL, f"{S}#/acme.tool~1v2/on"),
    ),
    "keys-with-signs": Tree(
        files={S: settings(model="opus", **{"a/b": 1, "c=d": "x", "~": "y", "": "z", "<<": "m"})},
        kept=(MODEL,),
    ),
    "words-of-yaml": Tree(
        files={
            S: settings(env={"A": "yes", "B": "null", "C": "1e3", "D": "- x", "E": "#", "F": ""})
        },
        kept=(f"{S}#/env/A", f"{S}#/env/F"),
    ),
    "list-edit-lookalike": Tree(
        files={S: settings(model="opus", x={"only": ["a"]})},
        kept=(MODEL,),
        told=(("adopt/left", S, 3),),
    ),
    "numbers": Tree(files={S: '{"a": 1, "b": 1.0, "c": true, "d": 1e2, "e": -0}'}),
    "empty-members": Tree(files={S: settings(env={}, permissions={"allow": []}, x=[], y={})}),
    "secret-in-env": Tree(
        files={L: '{"model": "opus",\n"env": {"GITHUB_TOKEN": "ghp_' + "a1B2" * 9 + '"}}'},
        kept=(f"{L}#/model",),
        told=(("adopt/left", L, 2),),
    ),
    "permissions": Tree(
        files={
            S: settings(
                permissions={
                    "allow": ["Bash(npm test)", "Read(./a b)", "Bash(npm test)"],
                    "deny": ["Read(./.env)"],
                    "defaultMode": "plan",
                }
            )
        },
        kept=(f'{S}#/permissions/allow="Bash(npm test)"', f"{S}#/permissions/defaultMode"),
    ),
    "permissions-of-other-types": Tree(
        files={S: settings(model="opus", permissions={"allow": ["Bash(ls)", 5, None, ""]})}
    ),
    "permissions-as-object": Tree(files={S: settings(permissions={"allow": {"Bash": True}})}),
    "five-megabytes": Tree(
        files={
            S: settings(
                model="opus", permissions={"allow": [f"Bash(run {n:050})" for n in range(75_000)]}
            )
        },
        kept=(MODEL,),
        told=(("adopt/left", S, 4),),
    ),
    # -- hooks -------------------------------------------------------------------------------------
    "hooks": Tree(files={S: hooks([{"matcher": "Bash", "hooks": [RUN]}])}, kept=(HOOK,)),
    "hooks-without-matcher": Tree(files={S: hooks([{"hooks": [RUN]}])}, kept=(HOOK,)),
    "hooks-everything": Tree(files={S: hooks([{"matcher": "*", "hooks": [RUN]}])}, kept=(HOOK,)),
    "hooks-as-object": Tree(
        files={S: settings(model="opus", hooks={"PreToolUse": {"hooks": [RUN]}})},
        kept=(MODEL,),
        told=(("settings/hook-event-no-list", S, 4),),
    ),
    "hooks-as-list": Tree(files={S: settings(hooks=[RUN])}, told=(("settings/wrong-type", S, 2),)),
    "hooks-as-text": Tree(files={S: settings(hooks={"Stop": "make check"})}),
    "hooks-of-no-event": Tree(files={S: hooks([{"hooks": [RUN]}], event="BeforeEverything")}),
    "hooks-of-odd-event": Tree(files={S: hooks([{"hooks": [RUN]}], event="pre-tool use")}),
    "hooks-flat": Tree(files={S: hooks([RUN])}),
    "hooks-of-unknown-type": Tree(files={S: hooks([{"hooks": [{"type": "wasm", "x": 1}]}])}),
    "hooks-with-vendor-fields": Tree(
        files={S: hooks([{"matcher": "Bash", "hooks": [{**RUN, "x-acme": {"on": True}}]}])},
        kept=(HOOK,),
    ),
    "hooks-in-an-extended-group": Tree(files={S: hooks([{"hooks": [RUN], "description": "mine"}])}),
    "hooks-twice": Tree(
        files={S: hooks([{"matcher": "Bash", "hooks": [RUN]}, {"matcher": "Edit", "hooks": [RUN]}])}
    ),
    "hooks-with-scripts": Tree(
        files={
            S: hooks(
                [
                    {
                        "hooks": [
                            {"type": "command", "command": "$CLAUDE_PROJECT_DIR/.claude/hooks/a.sh"}
                        ]
                    }
                ]
            ),
            ".claude/hooks/a.sh": Mode(b"#!/bin/sh\nexit 0\n", 0o755),
        },
        kept=(HOOK,),
    ),
    "hooks-null-inside": Tree(files={S: hooks([{"hooks": [{**RUN, "timeout": None}]}, None, 5])}),
    "hooks-local-and-shared": Tree(
        files={S: hooks([{"hooks": [RUN]}]), L: hooks([{"hooks": [RUN]}])}, kept=(HOOK,)
    ),
    "hooks-http": Tree(
        files={
            S: hooks(
                [
                    {
                        "hooks": [
                            {"type": "http", "url": "https://example.org/h", "headers": {"A": "$B"}}
                        ]
                    }
                ]
            )
        },
        kept=(HOOK,),
    ),
    # -- other files -------------------------------------------------------------------------------
    "mcp": Tree(
        files={
            M: settings(
                mcpServers={"db": {"command": "npx", "args": ["-y", "db"], "env": {"A": "${A}"}}}
            )
        },
        kept=(f"{M}#/mcpServers/db/command",),
    ),
    "mcp-odd-names": Tree(
        files={M: settings(mcpServers={"a b": {"command": "x"}, "ok": {"command": "y"}})},
        kept=(f"{M}#/mcpServers/ok/command",),
    ),
    "mcp-beside": Tree(
        files={M: settings(inputs=[{"id": "x"}], mcpServers={"ok": {"command": "y", "args": []}})},
        kept=(f"{M}#/mcpServers/ok/command",),
    ),
    "mcp-as-list": Tree(files={M: settings(mcpServers=["x"])}),
    "mcp-broken": Tree(
        files={M: '{"mcpServers": {\n"a": {},\n}}', S: settings(model="opus")},
        kept=(MODEL,),
        told=(("adopt/syntax", M, 2),),
    ),
    "everything": Tree(
        files={
            S: settings(model="opus", env={"A": "1"}, enabledPlugins={"a@b": True}),
            L: settings(permissions={"allow": ["Bash(ls)"]}, outputStyle="Explanatory"),
            M: settings(mcpServers={"db": {"type": "http", "url": "https://example.org"}}),
            "CLAUDE.md": "# Ours\n\n@docs/style.md\n",
            "docs/style.md": "Short lines.\n",
            ".claude/rules/api.md": "---\npaths: ['src/**']\n---\nRest.\n",
            ".claude/commands/tdd/cycle.md": "Do it: !`git status`\n",
            ".claude/skills/pdf/SKILL.md": "---\nname: pdf\ndescription: x\n---\nHow.\n",
            ".claude/skills/pdf/assets/logo.bin": b"\x00\x01\xff",
            ".claude/agents/reviewer.md": "---\nname: reviewer\ndescription: x\n---\nYou.\n",
            ".claude/output-styles/terse.md": "---\nname: Terse\n---\nBe terse.\n",
        },
        kept=(MODEL, f"{L}#/outputStyle", f"{M}#/mcpServers/db/url"),
    ),
    "agents-md": Tree(files={"AGENTS.md": "# Rules\n", S: settings(model="opus")}, kept=(MODEL,)),
    "instructions-inside": Tree(
        files={".claude/CLAUDE.md": "Hello.\n", "CLAUDE.local.md": "Me.\n"}
    ),
    "import-loop": Tree(files={"CLAUDE.md": "@a.md\n", "a.md": "@CLAUDE.md\n@a.md\n"}),
    "jinja-template": Tree(
        files={S: '{"model": "{{ model }}", "env": {"A": "{% if x %}1{% endif %}"}}'}, kept=(MODEL,)
    ),
    "copier-template": Tree(
        files={
            ".claude/settings.json.jinja": '{"model": {{ model }}}',
            ".copier-answers.yml": "a: 1\n",
        }
    ),
    "chezmoi-template": Tree(
        files={S: '{"model": {{ .model | quote }}}\n'}, told=(("adopt/syntax", S, 1),)
    ),
    "block-of-another-hub": Tree(
        files={"CLAUDE.md": "<!-- hubctl:begin other -->\nx\n<!-- hubctl:end other -->\n"}
    ),
    "unreadable-names": Tree(
        files={".claude/commands/a#b.md": "x\n", ".claude/commands/é\n.md": "y\n"}
    ),
    # -- links and kinds ---------------------------------------------------------------------------
    "settings-is-a-folder": Tree(
        files={S: Folder(), f"{S}/x": "y"}, told=(("adopt/failed", S, 0),)
    ),
    "settings-is-a-pipe": Tree(
        files={S: Pipe(), L: settings(model="opus")},
        told=(("adopt/failed", S, 0),),
        kept=(f"{L}#/model",),
    ),
    "client-is-a-file": Tree(files={".claude": "not a folder\n"}),
    "linked-inside": Tree(
        files={"config/settings.json": settings(model="opus"), S: Link("../config/settings.json")},
        kept=(MODEL,),
    ),
    "linked-outside": Tree(
        files={S: Link("{out}/settings.json")},
        out={"settings.json": settings(model="opus")},
        told=(("contain/outside", S, 0),),
    ),
    "client-linked-outside": Tree(
        files={".claude": Link("{out}/claude")},
        out={"claude/settings.json": settings(model="opus")},
        told=(("contain/outside", S, 0),),
    ),
    "linked-in-a-loop": Tree(
        files={S: Link("settings.json"), ".claude/a": Link("b"), ".claude/b": Link("a")},
        told=(("contain/outside", S, 0),),
    ),
    "dangling": Tree(
        files={S: Link("gone.json"), L: settings(model="opus")}, kept=(f"{L}#/model",)
    ),
    "dangling-folder": Tree(files={".claude": Link("gone")}),
    "linked-skill": Tree(
        files={"shared/pdf/SKILL.md": "x\n", ".claude/skills/pdf": Link("../../shared/pdf")}
    ),
    "linked-command-outside": Tree(
        files={".claude/commands/x.md": Link("{out}/x.md"), S: settings(model="opus")},
        out={"x.md": "mine\n"},
        kept=(MODEL,),
    ),
    "executable-settings": Tree(files={S: Mode(b'{"model": "opus"}', 0o755)}, kept=(MODEL,)),
    "private-settings": Tree(files={L: Mode(b'{"model": "opus"}', 0o600)}, kept=(f"{L}#/model",)),
}
