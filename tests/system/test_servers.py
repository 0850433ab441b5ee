"""The servers that system tests run against are the real ones."""

from urllib.parse import urlsplit

import kombu
from sqlalchemy import create_engine, text

from tests.system.plugin import NewDatabase


def test_a_quorum_queue_keeps_a_confirmed_message(amqp_url: str) -> None:
    queue = kombu.Queue(
        "orders",
        kombu.Exchange("orders", type="topic", durable=True),
        routing_key="#",
        queue_arguments={"x-queue-type": "quorum"},
    )
    with kombu.Connection(amqp_url, transport_options={"confirm_publish": True}) as connection:
        producer = connection.Producer(serializer="json")
        producer.publish(
            {"company": "示例公司"},
            exchange=queue.exchange,
            routing_key="placed",
            declare=[queue],
            mandatory=True,
            delivery_mode=2,
        )
        product = connection.connection.connection.server_properties["product"]
        message = queue(connection.default_channel).get()
        assert message is not None
        message.ack()
    assert product == "RabbitMQ"
    assert message.payload == {"company": "示例公司"}


def test_each_test_has_a_virtual_host_of_its_own(amqp_url: str) -> None:
    with kombu.Connection(amqp_url) as connection:
        declared = kombu.Queue("orders", durable=True)(connection.default_channel).queue_declare()
    assert declared.message_count == 0


def test_postgresql_answers(postgres_url: NewDatabase) -> None:
    engine = create_engine(postgres_url("customers"))
    with engine.connect() as connection:
        version = connection.scalar(text("select version()"))
        encoding = connection.scalar(text("show server_encoding"))
    engine.dispose()
    assert version.startswith("PostgreSQL ")
    assert encoding == "UTF8"


def one_table(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("create table facts (n int primary key)"))
    engine.dispose()


def test_a_prepared_database_is_copied_for_each_name(postgres_url: NewDatabase) -> None:
    for name in ("customers", "ownership"):
        engine = create_engine(postgres_url(name, one_table))
        with engine.begin() as connection:
            assert connection.scalar(text("select count(*) from facts")) == 0
            connection.execute(text("insert into facts values (1)"))
        engine.dispose()
    assert postgres_url("customers", one_table) != postgres_url("ownership", one_table)
    assert urlsplit(postgres_url("customers", one_table)).hostname == "127.0.0.1"
