"""The reporting service: counting what happened, and publishing numbers that hide everyone."""
