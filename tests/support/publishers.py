"""Which events have a publisher in the code, whatever the contracts say."""

import ast
from pathlib import Path

import services
from services.contracts.catalogue import EVENTS


def sent_by_code() -> set[str]:
    """The types of events that their sender's own code makes."""
    named = {event.__name__: event for event in EVENTS.values()}
    return {
        named[name].type
        for folder in {event.sender() for event in EVENTS.values()}
        for name in _made_in(Path(services.__path__[0]) / folder) & named.keys()
        if named[name].sender() == folder
    }


def _made_in(folder: Path) -> set[str]:
    """Names that are called, or handed on to be called, anywhere in the folder."""
    trees = (ast.parse(path.read_text()) for path in folder.rglob("*.py"))
    return {
        node.id
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
