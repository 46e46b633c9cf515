"""Use cases of messages, one per file."""
