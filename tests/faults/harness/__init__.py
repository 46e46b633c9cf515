"""The whole system apart, under load and under faults, and what must hold whatever happens."""
