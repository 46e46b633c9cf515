"""Integration events between services: frozen, versioned, without I/O."""
