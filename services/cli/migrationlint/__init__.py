"""Whether a migration may run while the version before it serves (CONTRIBUTING says the rule)."""
