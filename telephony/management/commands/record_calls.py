"""`manage.py record_calls`: drain every region's events into Postgres until told to stop."""

import signal
import threading
from typing import Any

import structlog
from django.core.management.base import BaseCommand

from telephony.recorder.draining import RegionRecorder
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.regions import redis_urls

log = structlog.get_logger()
_STOP_WITHIN_S = 10


class Command(BaseCommand):
    """One thread a region, so that a region that is away keeps none of the others waiting."""

    help = "Write what happens in calls into Postgres, each event once."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT.

        What was read and not written is taken up by the next recorder.
        """
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        urls = redis_urls()
        if not urls:
            raise ConfigurationError(
                "WARMLINE_REGIONS_REDIS names no region: there is nothing to record from"
            )
        threads = [
            threading.Thread(
                target=RegionRecorder(region, url).run, args=(stop,), name=f"recorder-{region}"
            )
            for region, url in urls.items()
        ]
        for thread in threads:
            thread.start()
        log.info("recorder started", regions=sorted(urls))
        # A thread that died takes the process with it, and the supervisor brings it back.
        while not stop.wait(0.5):
            if not all(thread.is_alive() for thread in threads):
                log.error("recorder thread died")
                stop.set()
        for thread in threads:
            thread.join(_STOP_WITHIN_S)
