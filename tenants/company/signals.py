"""What other apps follow when a company changes; they hear it inside the company's transaction."""

from typing import Final

from django.dispatch import Signal

# Its settings, limits or state: what a call needs of them is written anew.
company_changed: Final = Signal()
