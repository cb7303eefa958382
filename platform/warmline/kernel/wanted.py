"""Whether a loop is still wanted."""

import asyncio


def wanted() -> bool:
    """False once the running task was cancelled.

    redis-py 8.1 can swallow a cancellation that arrives while a pipeline checks its connection out,
    so a loop that talks to Redis asks this at each round: it would otherwise go on for ever. Such a
    task may end as if it had not been cancelled.
    """
    task = asyncio.current_task()
    return task is None or not task.cancelling()
