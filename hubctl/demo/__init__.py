"""L4: a small world to try hubctl on: what stands in it, how it is built, what happens in it."""

# In order; the command line offers them as places to stop at.
STEPS = ("build", "plan", "apply", "clean", "hooks", "edit", "drift", "fix", "rollback", "measure")
