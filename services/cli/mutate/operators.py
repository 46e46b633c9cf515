"""How one piece of code is broken: mutmut's operators, and a few for what it leaves alone.

`mutmut run` itself would not do: it skips decorated functions and all that is written outside of
functions, which here are the entrypoints, the table of access, every threshold and every state.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import libcst as cst
from mutmut.mutation.mutators import (
    mutation_operators,
    operator_arg_removal,
    operator_assignment,
    operator_string,
)

Operator = Callable[[Any], Iterable[cst.CSTNode]]


def changes(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """Pairs of a node at this place and another that could stand there."""
    for kind, operator in OPERATORS:
        if isinstance(node, kind):
            yield from ((node, other) for other in operator(node))
    if isinstance(node, cst.If | cst.CompIf):
        yield node.test, turned(node.test)


def marked(node: cst.SimpleString) -> Iterable[cst.CSTNode]:
    """Another word; sentences are for people, and no test compares them."""
    if not _is_sentence(node):
        yield from list(operator_string(node))[:1]


def argument_changed(node: cst.Call) -> Iterator[cst.CSTNode]:
    """None for an argument, or one argument less; sentences are left alone here too."""
    if not any(_is_sentence(each.value) for each in node.args):
        yield from operator_arg_removal(node)
        return
    for at, argument in enumerate(node.args):
        if not _is_sentence(argument.value):
            nothing = argument.with_changes(value=cst.Name("None"))
            yield node.with_changes(args=[*node.args[:at], nothing, *node.args[at + 1 :]])


def emptied(statement: cst.Assign | cst.AnnAssign) -> Iterable[cst.CSTNode]:
    """None where something was worked out; literals have changes of their own."""
    literal = cst.BaseNumber | cst.BaseString
    if not isinstance(statement.value, literal) and not _is_word(statement.value):
        yield from operator_assignment(statement)


def left_out(statement: cst.Expr | cst.Raise) -> Iterator[cst.CSTNode]:
    """A call or a raise that does not happen."""
    if isinstance(statement, cst.Raise) or isinstance(statement.value, cst.Call):
        yield cst.Pass()


def nothing_returned(statement: cst.Return) -> Iterator[cst.CSTNode]:
    """A result that gets lost."""
    if statement.value is not None and not _is_word(statement.value, "None"):
        yield statement.with_changes(value=cst.Name("None"))


def turned(test: cst.BaseExpression) -> cst.BaseExpression:
    """The other branch."""
    inner = test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.UnaryOperation(cst.Not(), inner)


def element_missing(node: cst.Dict | cst.Set | cst.List) -> Iterator[cst.CSTNode]:
    """A table without one of its rows."""
    if len(node.elements) > 1:
        for at in range(len(node.elements)):
            rest: Sequence[Any] = [*node.elements[:at], *node.elements[at + 1 :]]
            yield node.with_changes(elements=rest)


def _is_sentence(node: cst.CSTNode) -> bool:
    match node:
        case cst.SimpleString(value=text):
            return any(each.isspace() or ord(each) > 127 for each in text)
        case cst.FormattedString():
            return any(
                " " in part.value
                for part in node.parts
                if isinstance(part, cst.FormattedStringText)
            )
        case _:
            return False


def _is_word(node: cst.CSTNode | None, *words: str) -> bool:
    return isinstance(node, cst.Name) and node.value in (words or {"None", "True", "False"})


REPLACED = {operator_string, operator_assignment, operator_arg_removal}

OPERATORS: Sequence[tuple[type | tuple[type, ...], Operator]] = [
    *((kind, each) for kind, each in mutation_operators if each not in REPLACED),
    (cst.SimpleString, marked),
    (cst.Call, argument_changed),
    ((cst.Assign, cst.AnnAssign), emptied),
    ((cst.Expr, cst.Raise), left_out),
    (cst.Return, nothing_returned),
    ((cst.Dict, cst.Set, cst.List), element_missing),
]
