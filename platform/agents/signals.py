"""What other apps follow when an agent changes; they hear it inside its transaction."""

from typing import Final

from django.dispatch import Signal

# It is to be archived (`agent_id`): a receiver that still needs it raises `Conflict`.
agent_archiving: Final = Signal()
