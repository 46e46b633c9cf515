"""The consumer kit: samples, JSON Schemas of what leaves, and a validator, in one folder."""

import json
import shutil
from pathlib import Path

from services.cli.contracting.documents import FOLDER
from services.cli.errors import CommandFailed
from services.cli.subscribers.samples import KIT
from services.contracts import public
from services.contracts.schemas import DIALECT


def write_kit(folder: Path) -> int:
    """Write it; returns how many files. Raises CommandFailed where the folder holds something."""
    if folder.exists() and any(folder.iterdir()):
        raise CommandFailed(f"{folder} is not empty.")
    schemas = folder / "schemas"
    schemas.mkdir(parents=True, exist_ok=True)
    for source in sorted(KIT.iterdir()):
        if source.is_file():
            shutil.copyfile(source, folder / source.name)
    for kind in (*public.PUBLIC, *public.SHAREABLE):
        shutil.copyfile(FOLDER / "schemas" / f"{kind}.json", schemas / f"{kind}.json")
    for kind, schema in public.SCHEMAS.items():
        document = json.dumps({"$schema": DIALECT, **schema}, indent=2)
        (schemas / f"{kind}.json").write_text(document + "\n")
    return sum(each.is_file() for each in folder.rglob("*"))
