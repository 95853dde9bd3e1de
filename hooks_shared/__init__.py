"""The hooks that hubctl installs: one process per event. Imports nothing of hubctl, stdlib only.

What imports what: each name those before it, a line at a time.

    jsontext contract places store context         what is said, kept, and given to a hook
    child transcript shell session formatting      what a call, a session or a file is about
    repair rules safety writes tdd                 what a call would do, and whether it may
    families                                       the hooks themselves
    compiled isolate loading dispatch run explain  one event from stdin to its answer
    rows registry                                  the table of hooks, which no run reads
"""
