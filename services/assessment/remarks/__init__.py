"""What people say to their own results."""
