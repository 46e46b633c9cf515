"""Bringing a mutant to life in a child: as a module imported from a text, or as swapped code."""

import gc
import importlib
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any


class Mutated(SourceFileLoader):
    """Finds and loads one module from a text; everything else comes from its files."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        """Answers for this module alone."""
        return spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        """Never from a cache, which knows nothing of mutants."""
        return compile(self._text, self.path, "exec", dont_inherit=True)


def functions_of(paths: Iterable[str]) -> Mapping[tuple[str, str], Sequence[FunctionType]]:
    """The functions that live in this process, by the files they come from and their names."""
    files = {str(Path(each).resolve()): each for each in paths}
    found: dict[tuple[str, str], list[FunctionType]] = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename in files:
            found[files[each.__code__.co_filename], each.__code__.co_qualname].append(each)
    return found


def swap(functions: Iterable[FunctionType], module: CodeType, name: str) -> bool:
    """Give the functions the code they have in the module; False where it does not fit."""
    codes = {each.co_qualname: each for each in _codes(module)}
    swapped = False
    for function in functions:
        try:
            function.__code__ = codes[name]
        except ValueError:  # it closes over other names
            return False
        swapped = True
    return swapped


def others() -> list[str]:
    """The modules of this process that are installed, so that no mutant can touch them."""
    places = (sys.prefix, sys.base_prefix)
    return [
        name
        for name, module in list(sys.modules.items())
        if (getattr(module, "__file__", None) or sys.prefix).startswith(places)
    ]


def import_others(names: Iterable[str]) -> None:
    """What the first child imported, for all children after it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            if name not in sys.modules:
                try:
                    importlib.import_module(name)
                except BaseException:  # noqa: S112 - a child will import it for itself
                    continue


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)
