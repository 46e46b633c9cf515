"""Use cases of escalations, one per file."""
