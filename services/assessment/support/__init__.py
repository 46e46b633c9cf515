"""The help card: whom to call, always in reach."""
