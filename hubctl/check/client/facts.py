"""What the client knows and ignores, as data: events, tools, keys, versions. No logic here.

Measured on client 2.1.328 and 2.1.197. A new client release changes rows of this file only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hubctl.model import events

Version = tuple[int, int, int]

EVERY: Final = frozenset({"command", "http", "mcp_tool", "prompt", "agent"})
NO_MODEL: Final = frozenset({"command", "http", "mcp_tool"})
AT_START: Final = frozenset({"command", "mcp_tool"})

HANDLER_FIELDS: Final = {
    "command": ("command",),
    "http": ("url",),
    "mcp_tool": ("server", "tool"),
    "prompt": ("prompt",),
    "agent": ("prompt",),
}
"""Handler type → the fields without which the client cannot read the handler."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One hook event.

    Attributes:
        handlers: handler types that it runs.
        matches: what its matcher is held against, "" where the matcher is ignored.
        values: every value that can stand there, () where the set is open.
        since: first client that knows the event.
        decides: `onFailure: block` has an effect.
    """

    handlers: frozenset[str] = EVERY
    matches: str = ""
    values: tuple[str, ...] = ()
    since: Version = (0, 0, 0)
    decides: bool = True


_TOOL = Event(matches="tool")
_COMPACT = Event(handlers=NO_MODEL, matches="trigger", values=("manual", "auto"))
_SERVER = Event(handlers=NO_MODEL, matches="MCP server")
_WORKTREE = Event(handlers=NO_MODEL)
_MODEL_SWITCH = Event(matches="model", since=events.SINCE["PreModelSwitch"])

EVENTS: Final[dict[str, Event]] = {
    "PreToolUse": _TOOL,
    "PostToolUse": _TOOL,
    "PostToolUseFailure": _TOOL,
    "PermissionRequest": _TOOL,
    "PermissionDenied": _TOOL,
    "PostToolBatch": Event(),
    "UserPromptSubmit": Event(),
    "UserPromptExpansion": Event(matches="command name"),
    "Stop": Event(decides=False),
    "SubagentStop": Event(matches="agent type", decides=False),
    "TaskCreated": Event(),
    "TaskCompleted": Event(decides=False),
    "TeammateIdle": Event(decides=False),
    "ConfigChange": Event(
        handlers=NO_MODEL,
        matches="source",
        values=(
            "user_settings",
            "project_settings",
            "local_settings",
            "policy_settings",
            "skills",
        ),
    ),
    "CwdChanged": Event(handlers=NO_MODEL),
    "DirectoryAdded": Event(
        handlers=NO_MODEL,
        matches="source",
        values=("slash_command", "register_repo_root"),
        since=events.SINCE["DirectoryAdded"],
    ),
    "Elicitation": _SERVER,
    "ElicitationResult": _SERVER,
    "FileChanged": Event(handlers=NO_MODEL, matches="file name"),
    "InstructionsLoaded": Event(
        handlers=NO_MODEL,
        matches="load reason",
        values=("session_start", "nested_traversal", "path_glob_match", "include", "compact"),
    ),
    "MessageDisplay": Event(handlers=NO_MODEL),
    "Notification": Event(
        handlers=NO_MODEL,
        matches="notification type",
        values=(
            "permission_prompt",
            "idle_prompt",
            "auth_success",
            "elicitation_dialog",
            "elicitation_url_dialog",
            "elicitation_complete",
            "elicitation_response",
            "agent_needs_input",
            "agent_completed",
        ),
    ),
    "PreCompact": _COMPACT,
    "PostCompact": _COMPACT,
    "SessionEnd": Event(
        handlers=NO_MODEL,
        matches="reason",
        values=("clear", "resume", "logout", "prompt_input_exit", "other"),
    ),
    "StopFailure": Event(
        handlers=NO_MODEL,
        matches="error",
        values=(
            "authentication_failed",
            "oauth_org_not_allowed",
            "account_on_hold",
            "verification_required",
            "billing_error",
            "rate_limit",
            "overloaded",
            "invalid_request",
            "model_not_found",
            "server_error",
            "unknown",
            "max_output_tokens",
            "cloud_credential_error",
        ),
    ),
    "SubagentStart": Event(handlers=NO_MODEL, matches="agent type"),
    "WorktreeCreate": _WORKTREE,
    "WorktreeRemove": _WORKTREE,
    "SessionStart": Event(
        handlers=AT_START,
        matches="source",
        values=("startup", "resume", "clear", "compact", "fork"),
    ),
    "Setup": Event(handlers=AT_START, matches="trigger", values=("init", "maintenance")),
    "PreModelSwitch": _MODEL_SWITCH,
    "PostModelSwitch": _MODEL_SWITCH,
}

TOOL_EVENTS: Final = frozenset(name for name, event in EVENTS.items() if event is _TOOL)
WHOLE_FILE_EVENTS: Final = frozenset({"PreToolUse", "PermissionRequest"})
"""Events where one unreadable handler takes the whole file with it."""
NARROW_LIST_EVENTS: Final = frozenset({"FileChanged", "StopFailure"})
"""Events whose matcher is a list only of letters, digits, `_` and `|`."""

ENTRY_ALONE: Final[Version] = (2, 1, 328)
"""First client known to skip an unreadable handler alone; 2.1.197 dropped the whole file."""
COMMA_LISTS: Final[Version] = (2, 1, 191)
EXACT_HYPHENS: Final[Version] = (2, 1, 195)
LOCAL_AT_ROOT: Final[Version] = (2, 1, 211)
"""First client seen to read `settings.local.json` of the main checkout from a folder below and from
a linked worktree; 2.1.208 read it only in the folder where the session starts."""
ON_FAILURE: Final[Version] = events.ON_FAILURE
MODE_MANUAL: Final[Version] = (2, 1, 200)

TOOLS: Final = frozenset(
    [
        "Agent",
        "Artifact",
        "AskUserQuestion",
        "Bash",
        "Edit",
        "EnterWorktree",
        "ExitPlanMode",
        "ExitWorktree",
        "Glob",
        "Grep",
        "KillShell",
        "LSP",
        "Monitor",
        "NotebookEdit",
        "PowerShell",
        "Read",
        "Skill",
        "TaskCreate",
        "TaskGet",
        "TaskList",
        "TaskOutput",
        "TaskStop",
        "TaskUpdate",
        "TodoWrite",
        "ToolSearch",
        "WebFetch",
        "WebSearch",
        "Workflow",
        "Write",
    ]
)
"""Tool names as hooks see them; the client may have more, so no rule refuses a name for itself."""
RULE_TOOLS: Final = TOOLS | {"Cd", "MultiEdit", "ShareOnboardingGuide", "Task"}
"""Names that permission rules may carry: tools, their former names, and rules without a tool."""
RETIRED_TOOLS: Final = {"Task": "Agent", "MultiEdit": "Edit"}
UNCONSULTED_RULES: Final = {"Write": "Edit", "Glob": "Read"}
"""Tools whose path rules the client accepts and never asks → the tool to write instead."""

MODES: Final = frozenset(
    {"default", "acceptEdits", "plan", "auto", "dontAsk", "bypassPermissions", "manual"}
)

MANAGED_ONLY: Final[tuple[tuple[str, ...], ...]] = (
    ("allowAllClaudeAiMcps",),
    ("allowManagedHooksOnly",),
    ("allowManagedMcpServersOnly",),
    ("allowManagedPermissionRulesOnly",),
    ("allowedChannelPlugins",),
    ("appendPlugins",),
    ("blockedMarketplaces",),
    ("browserExternalPageTools",),
    ("channelsEnabled",),
    ("claudeMd",),
    ("disableBrowserExternalNavigation",),
    ("disableMobileSimulatorTools",),
    ("disableSideloadFlags",),
    ("forceLoginGatewayUrl",),
    ("forceRemoteSettingsRefresh",),
    ("managedMcpServers",),
    ("parentSettingsBehavior",),
    ("pluginSuggestionMarketplaces",),
    ("pluginTrustMessage",),
    ("policyHelper",),
    ("prependPlugins",),
    ("requireCoworkFullVmSandbox",),
    ("requiredMaximumVersion",),
    ("requiredMinimumVersion",),
    ("sandbox", "bwrapPath"),
    ("sandbox", "enabledPlatforms"),
    ("sandbox", "filesystem", "allowManagedReadPathsOnly"),
    ("sandbox", "network", "allowManagedDomainsOnly"),
    ("sandbox", "socatPath"),
    ("sshHostAllowlist",),
    ("strictKnownMarketplaces",),
    ("strictPluginOnlyCustomization",),
    ("wslInheritsWindowsSettings",),
)
"""Keys that count in managed settings only."""

HOST_ONLY: Final[tuple[tuple[str, ...], ...]] = (
    ("askUserQuestionTimeout",),
    ("enableArtifact",),
    ("env", "CLAUDE_CODE_PROCESS_WRAPPER"),
    ("footerLinksRegexes",),
    ("permissions", "denyInsteadOfPrompting"),
    ("processWrapper",),
    ("sandbox", "allowAppleEvents"),
    ("sandbox", "credentials", "allowPlaintextInject"),
    ("sandbox", "filesystem", "disabled"),
    ("sandbox", "network", "tlsTerminate"),
    ("vimInsertModeRemaps",),
)
"""Keys that the client reads from the account's settings and ignores in a repository's files."""

NOT_COMMITTED: Final[tuple[tuple[str, ...], ...]] = (("autoMemoryDirectory",),)
"""Keys that the client ignores in a committed file."""

DEPRECATED: Final = {
    "includeCoAuthoredBy": "attribution",
    "subagentStatusLine": "statusLine",
    "voiceEnabled": "voice.enabled",
}
"""Key → what stands in its place."""

CLIENT_WRITES: Final = {
    "host": ("model", "effortLevel", "theme", "enabledPlugins", "pluginConfigs"),
    "local": ("outputStyle", "skillOverrides", "enabledMcpjsonServers", "disabledMcpjsonServers"),
    "committed": (),
}
"""Place → keys that the client itself saves there when somebody uses its menus."""

HOOK_SWITCHES: Final = {
    "HUBCTL_HOOKS": "switches hubctl's hooks off",
    "HUBCTL_HOOKS_OFF": "switches single hooks of hubctl off",
    "CLAUDE_CODE_SAFE_MODE": "starts the client without any hook",
    "CLAUDE_CODE_SIMPLE": "starts the client without any hook",
}
"""Environment variables that switch hooks off."""
HOOK_PLACES: Final = ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")
"""Environment variables by which hooks find their registry and their state."""

JSON_TYPES: Final[dict[tuple[str, ...], tuple[str, ...]]] = {
    ("additionalMarketplaces",): ("object",),
    ("advisorModel",): ("string",),
    ("allowedHttpHookUrls",): ("array",),
    ("attribution",): ("object", "boolean"),
    ("disableAllHooks",): ("boolean",),
    ("enabledPlugins",): ("object",),
    ("env",): ("object",),
    ("hooks",): ("object",),
    ("httpHookAllowedEnvVars",): ("array",),
    ("includeGitInstructions",): ("boolean",),
    ("language",): ("string",),
    ("maxEffortLevel",): ("string",),
    ("model",): ("string",),
    ("modelSettings",): ("object",),
    ("outputStyle",): ("string",),
    ("permissions",): ("object",),
    ("permissions", "additionalDirectories"): ("array",),
    ("permissions", "allow"): ("array",),
    ("permissions", "ask"): ("array",),
    ("permissions", "blockReadsOutsideWorkingDirectories"): ("boolean",),
    ("permissions", "blockWritesOutsideWorkingDirectories"): ("boolean",),
    ("permissions", "denyInsteadOfPrompting"): ("boolean",),
    ("permissions", "deny"): ("array",),
    ("sandbox",): ("object",),
    ("statusLine",): ("object",),
}
"""Types of the keys that matter most, and of those the schema is too old to know."""

NEWER_KEYS: Final = frozenset(
    [
        "additionalMarketplaces",
        "appendPlugins",
        "maxEffortLevel",
        "modelPicker",
        "modelSettings",
        "prependPlugins",
        "spellcheck",
    ]
)
"""Top-level keys of 2.1.328 that the schema (a mirror of 2.1.220) lacks."""
