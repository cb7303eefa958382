"""Checks one password in a process of its own, which gives way to whatever answers calls.

`password` and `encoded` come as two JSON strings in a list on standard input; the exit status is 0
where they match, 1 where not. A thread of the web process will not do: one of low priority that
holds the interpreter while it waits for a core makes every webhook wait with it.
"""

import json
import os
import sys
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

NICENESS: Final = 15
# What Django writes before the hash that Argon2 reads.
PREFIX: Final = "argon2"


def main() -> int:
    """The exit status."""
    os.nice(NICENESS)
    password, encoded = json.load(sys.stdin)
    try:
        PasswordHasher().verify(encoded.removeprefix(PREFIX), password)
    except (InvalidHashError, VerificationError):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
