"""The limit of rows that write: pgbench sending the statements the service itself sent."""
