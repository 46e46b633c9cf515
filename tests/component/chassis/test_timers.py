"""Timers are rows: they happen at their time, once, and survive a failing handler."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import text

from services.chassis.unit_of_work import UnitOfWork
from tests.support.apps import App, eventually
from tests.support.rows import count, marks
from tests.support.toys import ToyReader


def set_timer(app: App, key: str, seconds: float = 0, **payload: object) -> None:
    with app.runtime("booking").unit_of_work(UnitOfWork) as uow:
        uow.timers.set("toy", key, uow.now() + timedelta(seconds=seconds), payload)
        uow.commit()


def waiting(app: App, key: str) -> int:
    return count(app, "booking", "timers", "kind = 'toy' AND key = :key", key=key)


def test_a_due_timer_happens_once_and_is_gone(app: App) -> None:
    key = str(uuid4())

    set_timer(app, key)

    eventually(lambda: marks(app, "booking", "due", key))
    eventually(lambda: not waiting(app, key))
    assert marks(app, "booking", "due", key) == 1


def test_a_timer_of_the_future_waits_and_can_be_cancelled(app: App) -> None:
    future, cancelled, past = str(uuid4()), str(uuid4()), str(uuid4())
    set_timer(app, future, 3600)
    set_timer(app, cancelled, 3600)
    with app.runtime("booking").unit_of_work(UnitOfWork) as uow:
        uow.timers.cancel("toy", cancelled)
        uow.commit()

    set_timer(app, past)
    eventually(lambda: marks(app, "booking", "due", past))

    assert (waiting(app, future), waiting(app, cancelled)) == (1, 0)
    assert marks(app, "booking", "due", future) == 0


def test_a_timer_set_again_by_its_own_handler_survives(app: App) -> None:
    key = str(uuid4())

    set_timer(app, key, again=2)

    eventually(lambda: marks(app, "booking", "due", key) == 3)
    eventually(lambda: not waiting(app, key))


def test_a_timer_whose_handler_fails_comes_again(app: App) -> None:
    key = str(uuid4())
    ToyReader.fail_timers.add(key)

    set_timer(app, key)

    eventually(lambda: marks(app, "booking", "due", key) == 1, within=15)
    assert ToyReader.attempts.total() >= 2
    assert key not in ToyReader.fail_timers


def test_a_timer_that_fails_with_its_commit_waits_before_it_comes_again(app: App) -> None:
    key = str(uuid4())

    set_timer(app, key, spoilt=True)

    wait = "key = :key AND attempts > 0 AND due_at > now()"
    eventually(lambda: count(app, "booking", "timers", wait, key=key))
    assert marks(app, "booking", "due", key) == 0


def test_a_recurring_sweep_runs_and_stays_planted(app: App) -> None:
    before = ToyReader.ticks["tick"]

    eventually(lambda: ToyReader.ticks["tick"] >= before + 2)

    with app.runtime("booking").database.reading() as connection:
        kinds = connection.execute(text("SELECT kind FROM timers")).scalars().all()
    assert "every:toy-tick" in kinds
