"""How the tests hash the passwords of the people they make."""

from tenants.passwords import Argon2


class QuickArgon2(Argon2):
    """Ours at no cost: most people of the tests never sign in by their password.

    A password that somebody chooses in a test is hashed as everywhere else, in its own process.
    """

    time_cost = 1
    memory_cost = 8
