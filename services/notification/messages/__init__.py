"""Messages, their deliveries, and the inbox."""
