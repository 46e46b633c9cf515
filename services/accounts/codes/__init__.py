"""One-time codes for a first or a forgotten password."""
