"""Which tests run which functions, and how long each takes: learnt in a run without mutants."""

import ast
import builtins
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from time import process_time
from types import CodeType
from typing import Any

MARK = "__huixin_reached__"


class Reached:
    """What the tests of a child reach while it is told which of them runs."""

    def __init__(self) -> None:
        self._test = ""
        self._began = 0.0
        self._seconds: dict[str, float] = {}
        self._reached: dict[str, set[str]] = defaultdict(set)
        setattr(builtins, MARK, self._mark)

    def begin(self, test: str) -> None:
        """From now on it is this test."""
        self._test, self._began = test, process_time()

    def end(self) -> None:
        """The test is over."""
        self._seconds[self._test] = process_time() - self._began
        self._test = ""

    def tests(self) -> dict[str, tuple[float, list[str]]]:
        """What the parent should know."""
        return {
            test: (seconds, sorted(self._reached[test])) for test, seconds in self._seconds.items()
        }

    def _mark(self, function: str) -> None:
        self._reached[self._test].add(function)


class Learnt:
    """What a child told: the tests in the order of their time, and what each reaches."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._tests = {
            test: (seconds, frozenset(reached)) for test, (seconds, reached) in told.items()
        }

    def order(self, items: Iterable[Any]) -> list[Any]:
        """The quickest first."""
        return sorted(items, key=lambda item: self._tests.get(item.nodeid, (0.0,))[0])

    def reaching(self, items: Iterable[Any], path: str, function: str) -> list[Any]:
        """Those that run the function."""
        name = reached_name(path, function)
        return [item for item in items if name in self._tests.get(item.nodeid, (0, ()))[1]]


def reached_name(path: str, function: str) -> str:
    """What a function is called here."""
    return f"{path}:{function}"


def with_marks(path: str) -> CodeType:
    """The module's code, whose functions say that they are run."""
    tree = ast.parse(Path(path).read_text())
    _Marking(path).visit(tree)
    return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)


class _Marking(ast.NodeTransformer):
    def __init__(self, path: str) -> None:
        self._path = path
        self._names: list[str] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self._names.append(node.name)
        self.generic_visit(node)
        self._names.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        name = reached_name(self._path, ".".join([*self._names, node.name]))
        called = ast.Call(ast.Name(MARK, ast.Load()), [ast.Constant(name)], [])
        node.body.insert(0, ast.Expr(called))
        return node
