"""Celery's worker, prefork, in the process the bench watches."""

from celery.signals import worker_ready

from services.cli.bench.peers.celery_app import TASK, app
from services.cli.bench.peers.task import say_ready


@worker_ready.connect
def ready(**_: object) -> None:
    """Its worker processes have their connections."""
    say_ready()


if __name__ == "__main__":
    app.worker_main(
        [
            *("worker", "--pool", "prefork", "--concurrency", str(TASK.width)),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            *("--loglevel", "ERROR", "--optimization", "fair"),
        ]
    )
