"""Paths of the union's tree, such as `wh/hc/e0123`."""


def lineage(path: str) -> list[str]:
    """The city, the district … down to the unit itself; nothing for the empty path."""
    names = [name for name in path.split("/") if name]
    return ["/".join(names[: end + 1]) for end in range(len(names))]
