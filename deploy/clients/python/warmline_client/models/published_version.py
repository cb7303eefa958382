from typing import Literal

PublishedVersion = Literal['draft', 'shadow']

PUBLISHED_VERSION_VALUES: set[PublishedVersion] = { 'draft', 'shadow',  }

def check_published_version(value: str) -> PublishedVersion:
    if value in PUBLISHED_VERSION_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PUBLISHED_VERSION_VALUES!r}")
