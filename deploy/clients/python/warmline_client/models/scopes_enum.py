from typing import Literal

ScopesEnum = Literal['agents.publish', 'agents.read', 'agents.write', 'audit.read', 'bookings.read', 'bookings.write', 'calls.erase', 'calls.export', 'calls.read', 'company.close', 'company.read', 'company.write', 'keys.read', 'keys.write', 'knowledge.read', 'knowledge.write', 'members.read', 'members.write', 'numbers.read', 'numbers.write', 'recordings.read', 'shadow.judge', 'shadow.read', 'usage.read', 'webhooks.read', 'webhooks.write']

SCOPES_ENUM_VALUES: set[ScopesEnum] = { 'agents.publish', 'agents.read', 'agents.write', 'audit.read', 'bookings.read', 'bookings.write', 'calls.erase', 'calls.export', 'calls.read', 'company.close', 'company.read', 'company.write', 'keys.read', 'keys.write', 'knowledge.read', 'knowledge.write', 'members.read', 'members.write', 'numbers.read', 'numbers.write', 'recordings.read', 'shadow.judge', 'shadow.read', 'usage.read', 'webhooks.read', 'webhooks.write',  }

def check_scopes_enum(value: str) -> ScopesEnum:
    if value in SCOPES_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SCOPES_ENUM_VALUES!r}")
