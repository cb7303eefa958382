from typing import Literal

AgentVersionState = Literal['live', 'retired', 'shadow']

AGENT_VERSION_STATE_VALUES: set[AgentVersionState] = { 'live', 'retired', 'shadow',  }

def check_agent_version_state(value: str) -> AgentVersionState:
    if value in AGENT_VERSION_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {AGENT_VERSION_STATE_VALUES!r}")
