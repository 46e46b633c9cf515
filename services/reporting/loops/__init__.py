"""One loop through all services, step by step, without content."""
