"""Escalations: paging one officer after another until somebody takes the case."""
