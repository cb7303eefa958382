from typing import Literal

ExtractedFieldType = Literal['text', 'yes_no']

EXTRACTED_FIELD_TYPE_VALUES: set[ExtractedFieldType] = { 'text', 'yes_no',  }

def check_extracted_field_type(value: str) -> ExtractedFieldType:
    if value in EXTRACTED_FIELD_TYPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {EXTRACTED_FIELD_TYPE_VALUES!r}")
