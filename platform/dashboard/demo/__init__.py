"""The demo: three calls on real parts, shown while they run, and what they came to.

It stands in the dashboard because it is one, for a terminal: it reads what the pages read, in their
words (`templatetags/speech.py`), and like them it knows every app. `programs/` holds what knows the
kernel alone.
"""
