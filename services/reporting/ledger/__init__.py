"""The ledger: every event once, append-only, and the counters that are kept beside it."""
