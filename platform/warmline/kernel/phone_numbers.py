"""Telephone numbers from outside: in their one spelling, which of them may be dialled, and which
are a caller's.

By Google's numbering plans (the library `phonenumbers`), which are renewed every few weeks.
"""

import re
import unicodedata
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from warmline.kernel.errors import BadInput
from warmline.kernel.withheld import is_withheld

EXAMPLE: Final = "+12125550199"
# What a column may hold, in Postgres' spelling: ITU-T E.164, at most 15 digits.
E164_OR_NOTHING: Final = r"^(\+[1-9][0-9]{6,14})?$"
E164: Final = r"^\+[1-9][0-9]{6,14}$"

_WRITTEN: Final = re.compile(r"\+[\d\s().\-/‐-―]+")
_LONGEST_WRITTEN: Final = 40
_SHORT: Final = re.compile(r"\+?\d{1,6}")

# Kinds that cost whoever dials them more than a call, or reach no person.
_NEVER_DIALLED: Final = {
    PhoneNumberType.PREMIUM_RATE: "a premium-rate number",
    PhoneNumberType.SHARED_COST: "a number whose callers pay a surcharge",
    PhoneNumberType.PERSONAL_NUMBER: "a personal number, charged at a premium",
    PhoneNumberType.PAGER: "a pager",
    PhoneNumberType.VOICEMAIL: "a voice mailbox",
}
# Country codes that are nobody's country: satellites and networks at several dollars a minute. Of
# these only universal freephone (+800) is a company's.
_NO_COUNTRY: Final = "001"


def normal_number(text: str, *, near: str = "") -> str:
    """A telephone number in E.164; `BadInput` says what is wrong with it and what was expected.

    It must be one that its country's plan gives out. `near` is a number of the same company, by
    whose country one in national format is guessed, for the sentence that refuses it.
    """
    return phonenumbers.format_number(_parsed(text, near), phonenumbers.PhoneNumberFormat.E164)


def dialable_number(text: str, *, near: str = "") -> str:
    """A number that calls may be put through to, in E.164; else `BadInput`, as in `normal_number`.

    No emergency or other short number, and none that costs more than a call.
    """
    number = _parsed(text, near)
    kind = phonenumbers.number_type(number)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if kind in _NEVER_DIALLED:
        raise BadInput(f"{written} is {_NEVER_DIALLED[kind]}: expected a person's number")
    if (
        phonenumbers.region_code_for_number(number) == _NO_COUNTRY
        and kind != PhoneNumberType.TOLL_FREE
    ):
        raise BadInput(f"{written} is in no country: expected a person's number")
    return written


def is_dialable(text: str) -> bool:
    """Whether calls may be put through to this, as it is written."""
    try:
        return dialable_number(text) == text
    except BadInput:
        return False


def caller_number(text: str) -> str:
    """A caller's number in E.164; empty when it is withheld or no telephone number.

    Withheld is a word ("anonymous"), that word's digits on a telephone's keys with a plus before
    them (+266696687), and what no country's numbers are as long as. `sip:` and `client:` are no
    telephone numbers.
    """
    if is_withheld(text) or not text.startswith("+"):
        return ""
    try:
        number = phonenumbers.parse(text[:_LONGEST_WRITTEN])
    except NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _parsed(text: str, near: str) -> PhoneNumber:
    # Numbers are copied from pages together with invisible marks of direction.
    written = "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if unicodedata.category(character) != "Cf"
    ).strip()
    shown = repr(text[:_LONGEST_WRITTEN])
    if len(written) > _LONGEST_WRITTEN or not _WRITTEN.fullmatch(written):
        raise BadInput(f"{shown}: {_why_not(written, near)}")
    try:
        number = phonenumbers.parse(written)
    except NumberParseException:
        raise BadInput(f"{shown}: no country has such a number, {_expected()}") from None
    if not phonenumbers.is_valid_number(number):
        raise BadInput(f"{shown}: no country has such a number, {_expected()}")
    return number


def _why_not(written: str, near: str) -> str:
    """What a text that is no international number seems to be."""
    if "@" in written or written.lower().startswith(("sip:", "sips:", "client:")):
        return f"a SIP address cannot be dialled, {_expected()}"
    if _SHORT.fullmatch(written):
        return f"emergency and other short numbers are never dialled, {_expected()}"
    if _has_extension(written):
        return f"an extension cannot be dialled, {_expected()}"
    return f"{_expected()}{_guess(written[:_LONGEST_WRITTEN], near)}"


def _has_extension(written: str) -> bool:
    try:
        # The country only says how a number without a plus is read: extensions are written alike.
        return bool(phonenumbers.parse(written[:_LONGEST_WRITTEN], "US").extension)
    except NumberParseException:
        return False


def _expected() -> str:
    return f"expected an international number with + and its country code, such as {EXAMPLE}"


def _guess(written: str, near: str) -> str:
    """What a number in national format would be in the country of another one."""
    try:
        country = phonenumbers.region_code_for_number(phonenumbers.parse(near))
        number = phonenumbers.parse(written, country)
    except NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f" (for a number in {country} that would be {e164})"
