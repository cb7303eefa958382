"""The web plane's process: two listeners, and what a client may cost before a thread is taken."""
