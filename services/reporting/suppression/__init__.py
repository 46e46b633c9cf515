"""The one place every number that leaves passes: small groups stay hidden, and unrecoverable."""
