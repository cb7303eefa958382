"""What reading JSON from outside may raise."""

from typing import Final

import msgspec

# Beside what is not as the type says: text that is no UTF-8, and lists in lists without end.
UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
