"""Stores of files: a folder of this machine (`file://`), or an S3-compatible bucket (`s3://`).

A bucket's credentials and endpoint are the usual `AWS_…` variables.
"""

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from obstore.exceptions import BaseError as StoreError
from obstore.store import LocalStore, ObjectStore, from_url

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

# A bucket that does not answer: the media plane gives up after 30 s.
_CONNECT_S, _ANSWER_S = 3, 20
_RETRIES: "RetryConfig" = {"max_retries": 2, "retry_timeout": timedelta(seconds=_ANSWER_S)}

# What a store raises when it is away, refuses, or has no room.
STORE_FAILURES: Final = (StoreError, OSError)


@cache
def opened(url: str, *, over_http: bool) -> ObjectStore:
    """The store at an address; a folder is made when it is first written to.

    `over_http`: a bucket may be spoken to without TLS.
    """
    if url.startswith("file://"):
        return LocalStore(url.removeprefix("file://"), mkdir=True)
    options: ClientConfig = {
        "connect_timeout": timedelta(seconds=_CONNECT_S),
        "timeout": timedelta(seconds=_ANSWER_S),
        # Options given here hide the library's own reading of the environment.
        "allow_http": over_http,
    }
    return from_url(url, client_options=options, retry_config=_RETRIES)
