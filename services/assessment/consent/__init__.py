"""What people agree to, purpose by purpose, and take back as easily."""
