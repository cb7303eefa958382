"""Versions, of which none is ever deleted, go with their company."""

from django.db import migrations

from tenants.rls import EraseWhenDue


class Migration(migrations.Migration):
    dependencies = [("agents", "0004_calendar_feed"), ("tenants", "0011_people_and_companies")]

    operations = [EraseWhenDue("agents_agentversion")]
