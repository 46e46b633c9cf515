"""Subscribers on the command line: the kit and the code that is printed."""
