#!/usr/bin/env python
"""Warmline's command line: `python manage.py help`."""

import sys

from warmline.command_line import main

if __name__ == "__main__":
    main(sys.argv)
