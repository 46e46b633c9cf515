"""Other union systems as subscribers: numbered copies of public events, delivered and replayed."""
