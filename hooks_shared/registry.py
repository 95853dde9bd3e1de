"""The literal table of hooks: one row per hook that exists. Read by hubctl, never by a hook run.

`apply` compiles the rows that canonical.yaml enables into the registry a run reads.
"""

from hooks_shared import rules
from hooks_shared.compiled import normal_id
from hooks_shared.rows.guarding import GUARDING
from hooks_shared.rows.releasing import RELEASING
from hooks_shared.rows.shape import CLOSED, OPEN, Hook
from hooks_shared.rows.shape import number as _number
from hooks_shared.rows.shape import options as _options
from hooks_shared.rows.shape import words as _commands
from hooks_shared.rows.working import WORKING

__all__ = ["CLOSED", "HOOKS", "NEVER_ASYNC", "OPEN", "Hook", "find", "rules"]


def _guard(families: dict[str, str]) -> dict[str, object]:
    """Schema of a guard's options: its families and rules, users' rules, exceptions."""
    severity = {"enum": [rules.DENY, rules.ASK, rules.OFF]}
    names = {"type": "array", "items": _TEXT}
    own = sorted(rule.id for rule in rules.RULES.values() if rule.family in families)
    added = {
        "id": _TEXT,
        "command": _TEXT,
        "with": names,
        "unless": names,
        "severity": {"enum": [rules.DENY, rules.ASK]},
        "reason": _TEXT,
        "safer": {"type": "string"},
    }
    excepted = {"rule": {"enum": own}, "command": _TEXT, "paths": names, "reason": _TEXT}
    return _options(
        families={**_options(**dict.fromkeys(families, severity)), "description": _FAMILIES},
        rules={**_options(**dict.fromkeys(own, severity)), "description": _RULES},
        rules_added=_rows_of(added, ("id", "command", "reason"), _ADDED),
        exceptions=_rows_of(excepted, ("rule", "reason"), _EXCEPTIONS),
        disposable={**names, "description": _DISPOSABLE},
    )


def _rows_of(
    fields: dict[str, object], required: tuple[str, ...], description: str
) -> dict[str, object]:
    item = {**_options(**fields), "required": list(required)}
    return {"type": "array", "items": item, "description": description}


_TEXT = {"type": "string", "minLength": 1}
_FAMILIES = "Families of rules by name: `deny`, `ask` or `off` for all rules of one."
_RULES = "Single rules by id: `deny`, `ask` or `off`; goes before its family."
_ADDED = (
    "Rules of your own: `id`, `command` (the program and words that follow it in order, `*` for "
    "any text), `with` and `unless` (words of which one has to be there, or none may), `severity` "
    "(`deny` unless it says `ask`), `reason`, `safer`."
)
_EXCEPTIONS = (
    "What a rule shall let through: `rule`, `reason`, and to narrow it `command` and `paths` "
    "(`*` for any text)."
)
_DISPOSABLE = "Names of further folders and files that can be made again, as `node_modules` can."
_GUARD_DEFAULTS: dict[str, object] = {
    "families": {},
    "rules": {},
    "rules_added": [],
    "exceptions": [],
    "disposable": [],
}

HOOKS = (
    Hook(
        id="context-monitor",
        description="Tells how full the context window is, at a warning and a critical threshold.",
        events=("PreToolUse",),
        tools=(),
        module="hooks_shared.families.context.context_monitor",
        order=800,
        deadline=0.5,
        on_error=OPEN,
        observing=False,
        options={
            "warning": 60,
            "critical": 75,
            "repeat_minutes": 30,
            "window": 200_000,
            "windows": {},
        },
        schema=_options(
            warning=_number("Percent of the window at which the first note is given.", 1, 100),
            critical=_number("Percent of the window at which the note becomes critical.", 1, 100),
            repeat_minutes=_number("Minutes until the same note may be given again.", 1, 1440),
            window=_number("Tokens in the window of any other model.", 1000, 100_000_000),
            windows={
                "type": "object",
                "additionalProperties": {"type": "number", "minimum": 1000},
                "description": (
                    "Tokens in the window by model name; the longest prefix decides. Goes before "
                    "what is known of the models."
                ),
            },
        ),
    ),
    Hook(
        id="output-monitor",
        description="Counts what large tool outputs cost the context window, and says so.",
        events=("PostToolUse",),
        tools=("Grep", "Glob", "Read", "Bash"),
        module="hooks_shared.families.context.output_monitor",
        order=810,
        deadline=0.5,
        on_error=OPEN,
        observing=False,
        options={"threshold_kb": 10, "repeat_minutes": 10},
        schema=_options(
            threshold_kb=_number("Kilobytes of text from which an output is large.", 1, 10_000),
            repeat_minutes=_number("Minutes until the next note may be given.", 1, 1440),
        ),
    ),
    Hook(
        id="dora-tracker",
        description="Records commits, deployments and restores that Bash calls carry out.",
        events=("PostToolUse",),
        tools=("Bash",),
        module="hooks_shared.families.delivery.dora_tracker",
        order=900,
        deadline=1.0,
        on_error=OPEN,
        observing=True,
        options={
            "commits": ["git commit", "git merge", "git cherry-pick"],
            "deployments": [
                "kubectl apply",
                "kubectl rollout restart",
                "helm install",
                "helm upgrade",
                "terraform apply",
                "tofu apply",
                "pulumi up",
                "cdk deploy",
                "serverless deploy",
                "fly deploy",
                "flyctl deploy",
                "vercel deploy",
                "netlify deploy",
                "gcloud run deploy",
                "gcloud app deploy",
                "gh release create",
            ],
            "restores": ["git revert", "kubectl rollout undo", "helm rollback"],
        },
        schema=_options(
            commits=_commands("Commands that make a commit, without their options."),
            deployments=_commands("Commands that deploy or release, without their options."),
            restores=_commands("Commands that take back a change, without their options."),
        ),
    ),
    Hook(
        id="session-summary",
        description="Keeps one short page per session: files changed, tools used, last message.",
        events=("Stop", "SessionEnd"),
        tools=(),
        module="hooks_shared.families.context.session_summary",
        order=910,
        deadline=2.0,
        on_error=OPEN,
        observing=True,
        options={"files": 30, "characters": 800},
        schema=_options(
            files=_number("How many changed files the page lists.", 1, 200),
            characters=_number("How much of the last message it quotes.", 80, 2000),
        ),
    ),
    Hook(
        id="smart-safety-check",
        description="Refuses or questions shell commands that destroy, leak or run unread code.",
        events=("PreToolUse",),
        tools=("Bash",),
        module="hooks_shared.families.safety.smart_safety_check",
        order=10,
        deadline=2.0,
        on_error=CLOSED,
        observing=False,
        options=_GUARD_DEFAULTS,
        schema=_guard(rules.SMART_FAMILIES),
    ),
    Hook(
        id="git-safety-check",
        description="Refuses or questions git commands that lose work, history or remote branches.",
        events=("PreToolUse",),
        tools=("Bash",),
        module="hooks_shared.families.safety.git_safety_check",
        order=20,
        deadline=2.0,
        on_error=CLOSED,
        observing=False,
        options=_GUARD_DEFAULTS,
        schema=_guard(rules.GIT_FAMILIES),
    ),
    *GUARDING,
    *RELEASING,
    *WORKING,
)

# A background process is ended with the session, and `claude -p` ends right after Stop (2.1.197
# then leaves out even SessionEnd); a compaction goes on without it, and what is told at the start
# has to be there: here even an observer is waited for.
NEVER_ASYNC = ("Stop", "SessionEnd", "PreCompact", "SessionStart")
# Names of tools that the client no longer has: answered where one comes, never asked for.
FORMER_TOOLS = ("MultiEdit",)
# These read which files, blocks and fields hubctl renders; `apply` lists them where one is on.
KNOW_WHAT_IS_OURS = ("protected-paths", "config-guard")


def find(name: str) -> Hook | None:
    """The hook that canonical.yaml calls `name`, whatever its case, `_` or `.py`."""
    wanted = normal_id(name)
    return next((hook for hook in HOOKS if hook.id == wanted), None)
