"""Rows of the hooks that watch a session: how full it is, what it delivers, what it was about."""

from hooks_shared.rows.shape import OPEN, Hook, number, options, words

WATCHING = (
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
        schema=options(
            warning=number("Percent of the window at which the first note is given.", 1, 100),
            critical=number("Percent of the window at which the note becomes critical.", 1, 100),
            repeat_minutes=number("Minutes until the same note may be given again.", 1, 1440),
            window=number("Tokens in the window of any other model.", 1000, 100_000_000),
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
        schema=options(
            threshold_kb=number("Kilobytes of text from which an output is large.", 1, 10_000),
            repeat_minutes=number("Minutes until the next note may be given.", 1, 1440),
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
        schema=options(
            commits=words("Commands that make a commit, without their options."),
            deployments=words("Commands that deploy or release, without their options."),
            restores=words("Commands that take back a change, without their options."),
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
        schema=options(
            files=number("How many changed files the page lists.", 1, 200),
            characters=number("How much of the last message it quotes.", 80, 2000),
        ),
    ),
)
