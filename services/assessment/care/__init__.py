"""The care policy: what a result calls for, as versioned and signed data."""
