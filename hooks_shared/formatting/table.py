"""The literal table of formatters: what tells that a repository uses one, and how it is called.

Every formatter reads the text from stdin and writes to stdout, so that none ever touches the file
itself. Rows come in order of precedence; a row without evidence is its language's one formatter.
"""


class Formatter:
    """One formatter.

    Attributes:
        id: as canonical.yaml names it. languages: those it formats.
        command: program and arguments; `{path}`, `{name}` and `{edition}` are filled in.
        evidence: (file name or `beginning*`, text in it or "") of which one tells its use.
        sure: False where the evidence may mean another use of the same tool; then a file that
            did not have this form before the edit is left as it is.
    """

    __slots__ = ("command", "evidence", "id", "languages", "sure")

    def __init__(
        self,
        id: str,
        languages: tuple[str, ...],
        command: tuple[str, ...],
        evidence: tuple[tuple[str, str], ...] = (),
        sure: bool = True,
    ) -> None:
        self.id = id
        self.languages = languages
        self.command = command
        self.evidence = evidence
        self.sure = sure


_PRE_COMMIT = ".pre-commit-config.yaml"
_PROJECT = "pyproject.toml"
_SCRIPT = ("javascript", "typescript")
_WEB = (*_SCRIPT, "css", "json", "graphql")
_PROSE = (*_WEB, "html", "vue", "markdown", "yaml")
_RUFF = ("ruff", "format", "--quiet", "--stdin-filename", "{path}", "-")
_PRETTIER = ("prettier", "--stdin-filepath", "{path}")

FORMATTERS = (
    Formatter("ruff", ("python",), _RUFF, ((_PROJECT, "[tool.ruff.format"),
        (_PRE_COMMIT, "ruff-format"), ("ruff.toml", "[format]"), (".ruff.toml", "[format]"))),
    Formatter("black", ("python",), ("black", "--quiet", "--stdin-filename", "{path}", "-"),
        ((_PROJECT, "[tool.black"), (_PRE_COMMIT, "psf/black"), (_PRE_COMMIT, "black-pre-commit"))),
    Formatter("ruff", ("python",), _RUFF,
        (("ruff.toml", ""), (".ruff.toml", ""), (_PROJECT, "[tool.ruff")), sure=False),
    Formatter("biome", _WEB, ("biome", "format", "--stdin-file-path={path}"),
        (("biome.json", ""), ("biome.jsonc", ""))),
    Formatter("dprint", (*_PROSE, "toml"), ("dprint", "fmt", "--stdin", "{path}"),
        (("dprint.json", ""), ("dprint.jsonc", ""), (".dprint.json", ""), (".dprint.jsonc", ""))),
    Formatter("prettier", _PROSE, _PRETTIER,
        ((".prettierrc*", ""), ("prettier.config.*", ""), (_PRE_COMMIT, "mirrors-prettier"))),
    Formatter("prettier", _PROSE, _PRETTIER, (("package.json", '"prettier"'),), sure=False),
    Formatter("deno", _SCRIPT, ("deno", "fmt", "--quiet", "--ext", "{suffix}", "-"),
        (("deno.json", ""), ("deno.jsonc", ""))),
    Formatter("gofmt", ("go",), ("gofmt",)),
    Formatter("gofumpt", ("go",), ("gofumpt",), ((".golangci.*", "gofumpt"),), sure=False),
    Formatter("goimports", ("go",), ("goimports", "-srcdir", "{path}"),
        ((".golangci.*", "goimports"),), sure=False),
    Formatter("rustfmt", ("rust",), ("rustfmt", "--emit", "stdout", "--edition", "{edition}")),
    Formatter("clang-format", ("c", "protobuf"),
        ("clang-format", "--fallback-style=none", "--assume-filename={path}"),
        ((".clang-format", ""), ("_clang-format", ""))),
    Formatter("terraform", ("terraform",), ("terraform", "fmt", "-no-color", "-")),
    Formatter("tofu", ("terraform",), ("tofu", "fmt", "-no-color", "-")),
    Formatter("zig", ("zig",), ("zig", "fmt", "--stdin")),
    Formatter("dart", ("dart",), ("dart", "format", "--stdin-name", "{path}")),
    Formatter("gleam", ("gleam",), ("gleam", "format", "--stdin")),
    Formatter("mix", ("elixir",), ("mix", "format", "--stdin-filename", "{path}", "-"),
        ((".formatter.exs", ""),)),
    Formatter("stylua", ("lua",),
        ("stylua", "--search-parent-directories", "--stdin-filepath", "{path}", "-"),
        (("stylua.toml", ""), (".stylua.toml", ""))),
    Formatter("taplo", ("toml",), ("taplo", "format", "--stdin-filepath", "{path}", "-"),
        (("taplo.toml", ""), (".taplo.toml", ""))),
    Formatter("ocamlformat", ("ocaml",), ("ocamlformat", "--name", "{path}", "-"),
        ((".ocamlformat", ""),)),
    Formatter("scalafmt", ("scala",), ("scalafmt", "--stdin", "--assume-filename", "{path}"),
        ((".scalafmt.conf", ""),)),
    # Used only where canonical.yaml names them: no file of a repository tells of them.
    Formatter("shfmt", ("shell",), ("shfmt", "-filename", "{path}"), (("", ""),)),
    Formatter("google-java-format", ("java",), ("google-java-format", "-"), (("", ""),)),
    Formatter("swift-format", ("swift",), ("swift-format", "format", "--assume-filename", "{path}"),
        ((".swift-format", ""),)),
    Formatter("nixfmt", ("nix",), ("nixfmt",), (("", ""),)),
)  # fmt: skip

_SUFFIXES = {
    "python": ".py .pyi",
    "javascript": ".js .jsx .mjs .cjs",
    "typescript": ".ts .tsx .mts .cts",
    "vue": ".vue",
    "css": ".css .scss .less",
    "html": ".html .htm",
    "json": ".json .jsonc .json5",
    "graphql": ".graphql .gql",
    "markdown": ".md .mdx",
    "yaml": ".yaml .yml",
    "go": ".go",
    "rust": ".rs",
    "c": ".c .h .cc .cpp .cxx .hh .hpp .hxx .m .mm",
    "protobuf": ".proto",
    "terraform": ".tf .tfvars",
    "zig": ".zig",
    "dart": ".dart",
    "gleam": ".gleam",
    "elixir": ".ex .exs",
    "lua": ".lua .luau",
    "toml": ".toml",
    "ocaml": ".ml .mli",
    "scala": ".scala .sbt",
    "shell": ".sh .bash",
    "java": ".java",
    "swift": ".swift",
    "nix": ".nix",
}
LANGUAGES = {
    suffix: language for language, listed in _SUFFIXES.items() for suffix in listed.split()
}
NAMES = tuple(dict.fromkeys(row.id for row in FORMATTERS))


def rows_for(language: str) -> list[Formatter]:
    """The formatters of a language, in order of precedence."""
    return [row for row in FORMATTERS if language in row.languages]
