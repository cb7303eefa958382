from typing import Literal

ChoiceEnum = Literal['agent_better', 'agree', 'human_better', 'unsafe']

CHOICE_ENUM_VALUES: set[ChoiceEnum] = { 'agent_better', 'agree', 'human_better', 'unsafe',  }

def check_choice_enum(value: str) -> ChoiceEnum:
    if value in CHOICE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CHOICE_ENUM_VALUES!r}")
