"""A webhook's server proves who it is; in a process of its own, where green threads come first."""

import os
import subprocess
import sys
from pathlib import Path

from services.accounts.subscribers.domain import Delivered, Failed
from services.cli.local.certificates import issue, make_authority

ROOT = Path(__file__).parents[4]
CHILD = "tests.component.accounts.subscribers.tls_child"


def posted(folder: Path, host: str, *, believed: bool) -> str:
    """What came of a post to a server with a certificate for this host."""
    authority = make_authority("a city's own")
    server = issue(authority, [host])
    files = {
        "tls.crt": server.certificate,
        "tls.key": server.key,
        "ca.crt": authority.certificate,
    }
    for name, content in files.items():
        (folder / name).write_text(content)
    trust = str(folder / "ca.crt") if believed else "-"
    finished = subprocess.run(
        [sys.executable, "-P", "-m", CHILD, folder / "tls.crt", folder / "tls.key", trust],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return finished.stdout.strip()


def test_a_server_that_is_vouched_for_gets_the_copy(tmp_path: Path) -> None:
    assert posted(tmp_path, "127.0.0.1", believed=True) == str(Delivered(through=1))


def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    assert posted(tmp_path, "127.0.0.1", believed=False) == str(Failed(through=0, reason="tls"))


def test_a_server_with_the_name_of_another_gets_nothing(tmp_path: Path) -> None:
    assert posted(tmp_path, "10.1.2.3", believed=True) == str(Failed(through=0, reason="tls"))
