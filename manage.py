#!/usr/bin/env python
"""Warmline's command line: `python manage.py help`."""

import os
import sys

# These commands read files and connect to nothing: they run where no service is set up.
WITHOUT_SERVICES = {"simulate"}
NEVER_USED = {
    "WARMLINE_SECRET_KEY": "never-used",
    "DATABASE_URL": "postgresql:///never-used",
    "REDIS_URL": "unix:///never-used",
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
    if WITHOUT_SERVICES & set(sys.argv[1:2]):
        for name, value in NEVER_USED.items():
            os.environ.setdefault(name, value)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
