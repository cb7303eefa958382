from typing import Literal

ListDocumentsState = Literal['embedding', 'extracting', 'failed', 'queued', 'ready']

LIST_DOCUMENTS_STATE_VALUES: set[ListDocumentsState] = { 'embedding', 'extracting', 'failed', 'queued', 'ready',  }

def check_list_documents_state(value: str) -> ListDocumentsState:
    if value in LIST_DOCUMENTS_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_DOCUMENTS_STATE_VALUES!r}")
