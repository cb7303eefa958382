"""An e-mail address as an account is known by it."""

from unicodedata import normalize


def normal_email(email: str) -> str:
    """The one spelling under which an address is kept, looked for and counted.

    Full-width and other compatible letters are the plain ones (NFKC), as in the sign-in form.
    """
    # Once more at the end: a letter in lower case may be one that NFKC composes.
    return normalize("NFKC", normalize("NFKC", email).lower()).strip()
