"""L3: observe, plan, apply, journal, ledger, rollback."""
