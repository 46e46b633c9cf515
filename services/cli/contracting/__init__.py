"""The contracts as documents, as releases, and as promises that are checked."""
