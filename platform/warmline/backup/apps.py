"""Django's registration of this room, for its commands."""

from django.apps import AppConfig


class BackupConfig(AppConfig):
    """The app `backup`: `manage.py backup` and `manage.py restore`."""

    name = "warmline.backup"
