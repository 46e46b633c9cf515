"""Processes that do the work of our bus by other means: hand-written, and by other frameworks.

None of it runs in the product; the frameworks are development dependencies.
"""
