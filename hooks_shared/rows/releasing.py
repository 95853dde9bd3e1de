"""Row of the hook that looks after the release."""

from hooks_shared.rows.shape import OPEN, Hook, one_of, options

EVERYBODY, USER = "everybody", "user"

RELEASING = (
    Hook(
        id="release-check",
        description="Warns at a session's start where the installed hooks were tampered with.",
        events=("SessionStart",),
        tools=(),
        module="hooks_shared.families.release.release_check",
        order=5,
        deadline=1.0,
        on_error=OPEN,
        observing=False,
        options={"tell": EVERYBODY},
        schema=options(
            tell=one_of((EVERYBODY, USER), "Who is warned: `user`, or `everybody` with the model."),
        ),
    ),
)
