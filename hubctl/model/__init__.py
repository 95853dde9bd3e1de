"""L1: the frozen values every other layer speaks in. Standard library only, no effects."""
