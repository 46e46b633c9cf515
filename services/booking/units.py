"""Paths of the union tree, such as `wh/hc/e0123`."""


def within(path: str, root: str) -> bool:
    """Whether a unit lies in the subtree of another, itself included."""
    return path == root or path.startswith(f"{root}/")


def district_of(path: str) -> str:
    """The city's first branch above a unit: `wh/hc` for `wh/hc/e0123`."""
    return "/".join(path.split("/")[:2])
