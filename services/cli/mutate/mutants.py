"""The mutants of one module: its source with one thing changed, wherever behaviour is written."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, WhitespaceInclusivePositionProvider

from services.cli.mutate.operators import changes

SHAPES = {"dataclass", "cast", "isinstance", "len", "TypeVar", "NewType"}
"""Calls that say what something is, to a reader or the type checker, more than what it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change: where, which lines became which, and the whole source with it.

    `function` is the outermost function whose body has it, if any.
    """

    line: int
    within: str
    function: str
    before: str
    after: str
    source: str

    @property
    def key(self) -> str:
        """The same for the same change, wherever in the file it moved to."""
        text = f"{self.within}\n{self.before}\n{self.after}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def mutants_of(source: str) -> list[Mutant]:
    """Every mutant that compiles and differs, in the order of the lines."""
    wrapper = MetadataWrapper(cst.parse_module(source))
    finder = _Finder()
    wrapper.visit(finder)
    found: dict[str, Mutant] = {}
    for names, place, node in finder.found:
        mutated = _spliced(source, place, wrapper.module.code_for_node(node))
        if mutated not in found and _compiles(mutated):
            found[mutated] = _mutant(names, source, mutated)
    return sorted(found.values(), key=lambda each: each.line)


class _Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (WhitespaceInclusivePositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[tuple[str, str], CodeRange, cst.CSTNode]] = []
        self._names: list[str] = []
        self._class_flags: set[int] = set()
        self._function = ""
        self._outermost: cst.CSTNode | None = None

    def on_visit(self, node: cst.CSTNode) -> bool:
        if id(node) in self._class_flags or _says_no_behaviour(node):
            return False
        if isinstance(node, cst.ClassDef | cst.FunctionDef):
            self._names.append(node.name.value)
        if isinstance(node, cst.ClassDef):
            self._class_flags.update(id(each) for each in node.keywords)
        if isinstance(node, cst.FunctionDef) and not self._function:
            self._outermost = node.body
        elif node is self._outermost:
            self._function = ".".join(self._names)
        # A whole `match` is indented as its place asks, which a piece of code by itself is not.
        if not isinstance(node, cst.Match):
            for old, new in changes(node):
                place = self.get_metadata(WhitespaceInclusivePositionProvider, old)
                self.found.append(((".".join(self._names), self._function), place, new))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.ClassDef | cst.FunctionDef):
            self._names.pop()
        if original_node is self._outermost:
            self._function, self._outermost = "", None


def _says_no_behaviour(node: cst.CSTNode) -> bool:
    match node:
        case cst.Annotation() | cst.ImportFrom() | cst.Import():
            return True
        case cst.Call(func=cst.Name(value=name)):
            return name in SHAPES
        case cst.Expr(value=cst.SimpleString()):
            return True
        case cst.Assign(value=cst.Subscript()):
            return _is_type_alias(node)
        case _:
            return False


def _is_type_alias(node: cst.Assign) -> bool:
    match node.targets:
        case [cst.AssignTarget(target=cst.Name(value=name))]:
            return name[:1].isupper() and not name.isupper()
        case _:
            return False


def _spliced(source: str, place: CodeRange, text: str) -> str:
    lines = source.splitlines(keepends=True)
    first, last = lines[place.start.line - 1], lines[place.end.line - 1]
    before = "".join(lines[: place.start.line - 1]) + first[: place.start.column]
    return before + text + last[place.end.column :] + "".join(lines[place.end.line :])


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _mutant(names: tuple[str, str], source: str, mutated: str) -> Mutant:
    old, new = source.splitlines(), mutated.splitlines()
    start = _alike(old, new)
    ends = min(_alike(old[::-1], new[::-1]), min(len(old), len(new)) - start)
    return Mutant(
        line=start + 1,
        within=names[0],
        function=names[1],
        before=_stripped(old[start : len(old) - ends]),
        after=_stripped(new[start : len(new) - ends]),
        source=mutated,
    )


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    same = (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
    return next(same, min(len(old), len(new)))


def _stripped(lines: Sequence[str]) -> str:
    return "\n".join(each.strip() for each in lines)
