"""The jobs' entry: `celery -A warmline worker` and `celery -A warmline beat`."""

import importlib
import os

from celery import Celery

from warmline.kernel.configuration.checks import refusals_told

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
with refusals_told():
    # Read before Celery does, whose command line tells what is wrong by its frames.
    importlib.import_module("warmline.settings")
app = Celery("warmline", task_cls="tenants.jobs:TenantTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
