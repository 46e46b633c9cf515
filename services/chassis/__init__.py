"""What every service needs and no domain: HTTP, events, storage, timers, security, metrics."""
