"""Hashes and checks passwords in a process of its own, which gives way to whatever answers calls.

Each line of standard input is a JSON list of `password` and `encoded`; the line that answers it is
1 where they match, 0 where not, and the password's own hash where `encoded` is null. A thread of
the web process will not do: one of low priority that holds the interpreter while it waits for a
core makes every webhook wait with it.
"""

import json
import os
import sys
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# By Linux's weights a ninth of what a process beside it gets: with 15 it was a thirtieth, and who
# opened an account while models loaded was turned away.
NICENESS: Final = 10
# What Django writes before the hash that Argon2 reads.
PREFIX: Final = "argon2"
# Three times what OWASP asks at least, on one core.
TIME_COST: Final = 2
MEMORY_KIB: Final = 64 * 1024
PARALLELISM: Final = 1


def main() -> None:
    """Answer until the input ends, as it does with the process that asks."""
    os.nice(NICENESS)
    for line in sys.stdin:
        password, encoded = json.loads(line)
        answer = hashed(password) if encoded is None else str(int(is_right(password, encoded)))
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def is_right(password: str, encoded: str) -> bool:
    """Whether it is the password of that hash."""
    try:
        PasswordHasher().verify(encoded.removeprefix(PREFIX), password)
    except (InvalidHashError, VerificationError):
        return False
    return True


def hashed(password: str) -> str:
    """The password's hash, as Django keeps it."""
    hasher = PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=PARALLELISM)
    return PREFIX + hasher.hash(password)


if __name__ == "__main__":
    main()
