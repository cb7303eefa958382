"""Loops that end when their task is cancelled, whatever swallowed the cancellation."""

import asyncio


def not_cancelled() -> bool:
    """Whether the running task may go on: False once it was cancelled.

    redis-py 8.1 can swallow a cancellation that arrives while a pipeline checks its connection out,
    so a loop that talks to Redis asks this at each round: it would otherwise go on for ever. Such a
    task may end as if it had not been cancelled.
    """
    task = asyncio.current_task()
    return task is None or not task.cancelling()
