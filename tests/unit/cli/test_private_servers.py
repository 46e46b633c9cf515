"""The private servers, as the commands and the tests use them."""

import psycopg2
import pytest

from services.cli.local.postgres import PrivatePostgres
from tests.support.databases import PASSWORD, TestPostgres


def test_a_postgresql_left_behind_is_taken_over(postgres_server: TestPostgres) -> None:
    folder = postgres_server.server.folder
    second = PrivatePostgres(folder, admin_password=PASSWORD, durable=False)

    assert second.start() is True
    assert second.port == postgres_server.server.port


def test_one_service_cannot_open_the_database_of_another(postgres_server: TestPostgres) -> None:
    server = postgres_server.server
    server.ensure_database("huixin_one", "first")
    server.ensure_database("huixin_two", "second")

    with pytest.raises(psycopg2.OperationalError, match="permission denied"):
        psycopg2.connect(
            host="127.0.0.1",
            port=server.port,
            dbname="huixin_one",
            user="huixin_two",
            password="second",
        )
