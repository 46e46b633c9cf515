"""The machine and the programs of a run, so that figures can be read later."""

import os
import platform
import time
from contextlib import closing, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from services.cli.local.postgres import PrivatePostgres

LIBRARIES = (
    *("nameko", "kombu", "amqp", "eventlet", "sqlalchemy", "psycopg2-binary", "werkzeug"),
    *("marshmallow", "faststream", "asyncpg", "aio-pika", "celery"),
)
SETTINGS = (
    *("fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "shared_buffers"),
    *("max_connections", "max_wal_size", "jit"),
)
BROKER = Path("/usr/lib/rabbitmq/lib")


def describe(folder: Path) -> dict[str, Any]:
    """Processor, memory, kernel, disk under `folder`, programs and libraries."""
    return {
        "cpu": _cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "ram_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "rabbitmq": _broker_version(),
        "disk": _filesystem(folder),
        "fsync_ms": round(_fsync_seconds(folder) * 1000, 3),
        "libraries": _libraries(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def postgres_facts(server: PrivatePostgres) -> dict[str, str]:
    """Its version and the settings that decide what a commit costs."""
    with closing(server.admin()) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s)",
            (["server_version", *SETTINGS],),
        )
        return dict(cursor.fetchall())


def _cpu_model() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _broker_version() -> str | None:
    found = [path.name.partition("-")[2] for path in BROKER.glob("rabbitmq_server-*")]
    return found[0] if found else None


def _filesystem(folder: Path) -> str:
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    under = [each for each in mounts if folder.is_relative_to(each[1])]
    return max(under, key=lambda each: len(each[1]))[2] if under else "?"


def _fsync_seconds(folder: Path) -> float:
    """What one page written and synced costs here: a commit cannot be faster."""
    path, taken = folder / "fsync", []
    with path.open("wb") as file:
        for _ in range(100):
            started = time.perf_counter()
            os.pwrite(file.fileno(), b"x" * 8192, 0)
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - started)
    path.unlink()
    return median(taken)


def _libraries() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
