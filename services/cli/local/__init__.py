"""A private PostgreSQL and a private RabbitMQ for one command, and the folder of their data."""
