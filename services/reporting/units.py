"""Paths of the union's tree, such as `wh/hc/e0123`: the city first, each unit under its parent."""


def root_of(path: str) -> str:
    """The city."""
    return path.split("/", 1)[0]


def parent_of(path: str) -> str:
    """The unit above; empty for the city."""
    return path.rpartition("/")[0]


def depth_of(path: str) -> int:
    """1 for the city, 2 for a district, and so on."""
    return path.count("/") + 1


def lineage(path: str) -> list[str]:
    """The city, the district … down to the unit itself; nothing for the empty path."""
    names = [name for name in path.split("/") if name]
    return ["/".join(names[: end + 1]) for end in range(len(names))]


def within(path: str, root: str) -> bool:
    """Whether a unit lies in the subtree of another, itself included."""
    return path == root or path.startswith(f"{root}/")
