"""The jobs' entry: `celery -A warmline worker` and `celery -A warmline beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
app = Celery("warmline", task_cls="tenants.jobs:TenantTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
