"""What is held against a migration, and what to do instead.

Most rules are squawk's, by its names; those it lacks are our own, in `ours`.
"""

from collections.abc import Mapping

CONCURRENTLY = (
    "Say postgresql_concurrently=True, within outside_transaction(op) (chassis/migrations)."
)
VALIDATE = "Add it with NOT VALID, and VALIDATE CONSTRAINT in a migration of its own."
OTHER_RELEASE = (
    "The release that still runs needs it as it is: write a contract step for the release after"
    " the one whose code no longer does."
)

NEVER: Mapping[str, str] = {
    "adding-field-with-default": "A default that is computed rewrites the table: take a constant.",
    "adding-required-field": "Rows that are there have no value: give a constant default.",
    "adding-foreign-key-constraint": VALIDATE,
    "constraint-missing-not-valid": VALIDATE,
    "adding-serial-primary-key-field": "Make a unique index CONCURRENTLY and take it as the key.",
    "disallowed-unique-constraint": "Make a unique index CONCURRENTLY and take it as constraint.",
    "require-concurrent-index-creation": CONCURRENTLY,
    "require-concurrent-index-deletion": CONCURRENTLY,
    "ban-concurrent-index-creation-in-transaction": CONCURRENTLY,
    "ban-truncate-cascade": "Delete what is meant, in batches, from the service.",
    "ban-drop-database": "A migration changes tables.",
    "ban-uncommitted-transaction": "Leave transactions to chassis/migrations.",
    "transaction-nesting": "Leave transactions to chassis/migrations.",
    "syntax-error": "PostgreSQL would not understand it.",
    "long-rewrite": "Rewrite rows in batches from a timer of the service, after this release.",
    "unbounded-lock": "Only what is CONCURRENTLY or VALIDATE CONSTRAINT may wait without limit.",
}
"""Stops everybody who works, in whatever phase."""

CONTRACT_ONLY: Mapping[str, str] = {
    "ban-drop-column": OTHER_RELEASE,
    "ban-drop-table": OTHER_RELEASE,
    "ban-drop-not-null": OTHER_RELEASE,
    "renaming-column": "Add the new column beside the old one; drop that in a contract step.",
    "renaming-table": "Add the new table beside the old one; drop that in a contract step.",
    "changing-column-type": "Add a column of the new type; drop the old one in a contract step.",
    "adding-not-nullable-field": OTHER_RELEASE,
    "drop-default": OTHER_RELEASE,
}
"""Breaks the release that still runs, and is right in the one after it."""
