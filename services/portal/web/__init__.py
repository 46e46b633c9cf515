"""What every page needs: language, frame, forms, session, rendering."""
