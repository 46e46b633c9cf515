"""The transaction a use case and the chassis share: what is kept, what is undone, who is told."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.chassis.context import Context
from services.chassis.database import Database
from services.chassis.outbox import Outgoing
from services.chassis.transaction import Transaction
from tests.support.toys import a_completed_response


class Worker:
    """A worker's transaction, and notes of whom it told."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.woken: list[bool] = []
        self.commits = 0
        self.key = str(uuid4())
        self.transaction = Transaction(database, Context("loop"), self.woken.append, self._after)

    def block(self, what: str, *, commit: bool = True, on: Transaction | None = None) -> None:
        """A use case's `with uow`, which leaves a mark."""
        transaction = on or self.transaction
        transaction.begin_block()
        mark = {"what": what, "subject": self.key}
        transaction.connection.execute(text("INSERT INTO effects VALUES (:what, :subject)"), mark)
        if commit:
            transaction.commit_block()
        transaction.end_block(committed=commit)

    def publish(self, *, urgent: bool = False) -> None:
        event = a_completed_response()
        self.transaction.add(Outgoing(event, Context(self.key), "", urgent))

    @property
    def marks(self) -> list[str]:
        """What stands, as anybody else sees it."""
        statement = text("SELECT what FROM effects WHERE subject = :key ORDER BY what")
        with self.database.reading() as connection:
            return list(connection.execute(statement, {"key": self.key}).scalars())

    @property
    def stored(self) -> int:
        """Events in the outbox."""
        statement = text("SELECT count(*) FROM outbox WHERE correlation_id = :key")
        with self.database.reading() as connection:
            return int(connection.execute(statement, {"key": self.key}).scalar_one())

    def _after(self) -> None:
        self.commits += 1


@pytest.fixture
def worker(database: Database) -> Any:
    worker = Worker(database)
    yield worker
    worker.transaction.abandon()
    assert database.engine.pool.checkedout() == 0


def test_alone_a_block_is_committed_at_once(worker: Worker) -> None:
    worker.block("a")

    assert (worker.marks, worker.commits, worker.woken) == (["a"], 1, [])


def test_a_block_that_is_not_committed_leaves_nothing(worker: Worker) -> None:
    worker.transaction.begin_block()
    worker.publish(urgent=True)
    worker.block("a", commit=False)
    worker.block("b")

    assert (worker.marks, worker.stored, worker.woken, worker.commits) == (["b"], 0, [], 1)


def test_stored_events_wake_the_relay_once_they_can_be_read(worker: Worker) -> None:
    worker.transaction.begin_block()
    worker.publish()
    worker.transaction.commit_block()
    worker.transaction.end_block(committed=True)
    worker.block("later")

    assert (worker.stored, worker.woken, worker.commits) == (1, [False], 2)


def test_one_urgent_event_among_others_wakes_the_urgent_lane(worker: Worker) -> None:
    worker.transaction.begin_block()
    worker.publish(urgent=True)
    worker.publish()
    worker.transaction.commit_block()
    worker.transaction.begin_block()
    worker.publish()
    worker.transaction.commit_block()

    assert (worker.stored, worker.woken) == (3, [True, False])


def test_an_event_is_stored_by_one_commit_and_not_again_by_the_next(worker: Worker) -> None:
    worker.transaction.hold()
    worker.transaction.begin_block()
    worker.publish()
    worker.transaction.commit_block()
    worker.transaction.commit_block()
    worker.transaction.finish()

    assert worker.stored == 1


def test_while_held_a_commit_only_says_what_is_to_be_kept(worker: Worker) -> None:
    worker.transaction.hold()
    worker.transaction.begin_block()
    worker.publish()
    worker.block("a")

    assert worker.transaction.kept
    assert (worker.marks, worker.commits, worker.woken) == ([], 0, [])
    worker.transaction.finish()
    assert (worker.marks, worker.commits) == (["a"], 1)


def test_held_events_wake_nobody_before_the_end(worker: Worker) -> None:
    worker.transaction.hold()
    worker.transaction.begin_block()
    worker.publish(urgent=True)
    worker.transaction.commit_block()
    assert worker.woken == []

    worker.transaction.finish()

    assert (worker.woken, worker.stored) == ([True], 1)


def test_what_is_abandoned_never_was(worker: Worker) -> None:
    worker.transaction.hold()
    worker.transaction.begin_block()
    worker.publish(urgent=True)
    worker.block("a")

    worker.transaction.abandon()

    assert not worker.transaction.kept
    worker.block("b")
    worker.transaction.finish()
    assert (worker.marks, worker.stored, worker.woken) == (["b"], 0, [])


def test_a_later_block_that_fails_takes_nothing_kept_away(worker: Worker) -> None:
    worker.transaction.hold()
    worker.block("a")

    worker.block("b", commit=False)
    worker.block("c")
    worker.transaction.finish()

    assert worker.marks == ["a", "c"]


def test_a_first_block_that_fails_while_held_is_undone_alone(worker: Worker) -> None:
    worker.transaction.hold()

    worker.block("a", commit=False)
    worker.block("b")
    worker.transaction.finish()

    assert worker.marks == ["b"]


def test_what_is_done_apart_stands_whatever_becomes_of_the_rest(worker: Worker) -> None:
    worker.transaction.hold()
    worker.block("rest", commit=False)
    apart = worker.transaction.apart()

    worker.block("apart", on=apart)

    assert apart is not worker.transaction
    assert (worker.marks, worker.commits) == (["apart"], 1)
    assert worker.transaction.kept
    worker.transaction.abandon()
    assert worker.marks == ["apart"]


def test_apart_from_nothing_held_is_the_transaction_itself(worker: Worker) -> None:
    assert worker.transaction.apart() is worker.transaction


def test_to_finish_where_nothing_was_begun_is_nothing(worker: Worker) -> None:
    worker.transaction.hold()

    worker.transaction.finish()

    assert worker.commits == 0


def test_a_transaction_begins_with_nothing_kept_in_the_loop_of_its_worker(worker: Worker) -> None:
    assert not worker.transaction.kept
    assert worker.transaction.context == Context("loop")
    worker.transaction.hold()
    assert worker.transaction.apart().context == Context("loop")


def test_an_event_that_is_stored_apart_wakes_the_relay_at_once(worker: Worker) -> None:
    worker.transaction.hold()
    apart = worker.transaction.apart()

    apart.begin_block()
    apart.add(Outgoing(a_completed_response(), Context(worker.key), "", True))
    apart.commit_block()
    apart.end_block(committed=True)

    assert (worker.stored, worker.woken) == (1, [True])


def test_what_ends_gives_its_connection_back(worker: Worker) -> None:
    pool = worker.database.engine.pool
    used = worker.transaction.connection
    worker.block("a")
    assert used.closed

    worker.block("b", commit=False)

    assert pool.checkedout() == 0


def test_a_server_that_is_gone_does_not_hurt_whoever_gives_up(worker: Worker) -> None:
    process = worker.transaction.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with worker.database.reading() as other:
        other.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})

    worker.transaction.abandon()

    worker.block("a")
    assert worker.marks == ["a"]
