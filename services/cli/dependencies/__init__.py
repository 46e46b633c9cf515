"""What is known about the locked dependencies."""
