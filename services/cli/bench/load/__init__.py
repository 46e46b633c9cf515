"""The load generator: a lean HTTP client in a process of its own, the same for all contestants."""
