"""What a job process does with the database connections of the process it was forked from."""

from typing import Any

from celery.signals import worker_process_init, worker_process_shutdown
from django.db import connections


@worker_process_init.connect
def drop_inherited_connections(**_: Any) -> None:
    """Start a forked job process without a pool: it runs one job at a time."""
    for alias in connections:
        connection: Any = connections[alias]
        connection.drop_inherited_pool()
        connection.settings_dict["OPTIONS"].pop("pool", None)


@worker_process_shutdown.connect
def close_connections(**_: Any) -> None:
    """Leave the server properly."""
    connections.close_all()
