"""What the pages take from npm packages, and the step that fetches it."""
