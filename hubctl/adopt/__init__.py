"""Taking over what exists: from a repository as it stands to the lines of canonical.yaml for it.

Sits on the fleet and below the command line. Reads repositories and edits canonical.yaml and
ledgers; must never write into a repository.
"""
