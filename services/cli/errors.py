"""What a command says instead of a traceback."""


class CommandFailed(Exception):
    """The command cannot do what was asked; the message tells a person what to do about it."""
