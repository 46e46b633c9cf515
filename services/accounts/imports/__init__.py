"""People from spreadsheets."""
