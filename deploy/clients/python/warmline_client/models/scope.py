from typing import Literal

Scope = Literal['agents.publish', 'agents.read', 'agents.talk', 'agents.write', 'audit.read', 'bookings.read', 'bookings.write', 'calls.erase', 'calls.export', 'calls.read', 'company.close', 'company.read', 'company.write', 'keys.read', 'keys.write', 'knowledge.read', 'knowledge.write', 'members.read', 'members.write', 'numbers.read', 'numbers.write', 'recordings.read', 'shadow.judge', 'shadow.read', 'usage.read', 'webhooks.read', 'webhooks.write']

SCOPE_VALUES: set[Scope] = { 'agents.publish', 'agents.read', 'agents.talk', 'agents.write', 'audit.read', 'bookings.read', 'bookings.write', 'calls.erase', 'calls.export', 'calls.read', 'company.close', 'company.read', 'company.write', 'keys.read', 'keys.write', 'knowledge.read', 'knowledge.write', 'members.read', 'members.write', 'numbers.read', 'numbers.write', 'recordings.read', 'shadow.judge', 'shadow.read', 'usage.read', 'webhooks.read', 'webhooks.write',  }

def check_scope(value: str) -> Scope:
    if value in SCOPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SCOPE_VALUES!r}")
