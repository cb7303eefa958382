"""Neither of two tenants sees, changes, takes or removes the other's rows, in any table."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import ProgrammingError, models
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from tenants.context import as_tenant
from tenants.rows import TenantModel
from tests.tenants.postgres.planting import planted, tenant_tables
from warmline.kernel.ids import TenantId

MODELS = [
    model
    for model in apps.get_models()
    if any(field.attname == "tenant_id" for field in model._meta.fields)
]
Planted = dict[str, dict[TenantId, UUID]]


@pytest.fixture
def rows(rivertown: TenantId, lakeside: TenantId) -> Iterator[Planted]:
    """A row of each tenant in every tenant table."""
    with planted((rivertown, lakeside)) as ids:
        yield ids


def refused(session: psycopg.Connection, statement: sql.Composed) -> bool:
    """Whether the database refuses it; it is undone in any case."""
    try:
        with session.transaction(force_rollback=True):
            session.execute(statement)
    except InsufficientPrivilege:
        return True
    return False


def changed(session: psycopg.Connection, statement: sql.Composed) -> int:
    """How many rows it changes, none when it may not; it is undone in any case."""
    try:
        with session.transaction(force_rollback=True):
            return session.execute(statement).rowcount
    except InsufficientPrivilege:
        return 0


def key_of(model: type[models.Model]) -> str:
    """What the model calls its column `id`; some have more in their primary key."""
    return next(field.attname for field in model._meta.concrete_fields if field.column == "id")


def test_every_model_with_a_tenant_is_made_from_the_one_that_has_it() -> None:
    """A tenant field written by hand would miss the default and the composite indexes."""
    assert MODELS
    assert [model.__name__ for model in MODELS if not issubclass(model, TenantModel)] == []


def test_no_model_shows_another_tenants_row(
    rows: Planted, rivertown: TenantId, lakeside: TenantId
) -> None:
    """By list, by id, by filter, by update, by delete."""
    for model in MODELS:
        everything: models.QuerySet[models.Model] = model._base_manager.all()
        ids = rows[model._meta.db_table]
        with as_tenant(rivertown):
            key = key_of(model)
            assert set(everything.values_list(key, flat=True)) == {ids[rivertown]}, model
            assert not everything.filter(**{key: ids[lakeside]}).exists(), model
            assert not everything.filter(tenant_id=lakeside).exists(), model


def test_no_model_answers_without_a_tenant(rows: Planted) -> None:
    """Refused by the database, not found empty by luck."""
    for model in MODELS:
        with pytest.raises(ProgrammingError, match="no tenant is bound"):
            model._base_manager.count()


def test_no_table_shows_another_tenants_row_to_raw_sql(
    rows: Planted,
    rivertown: TenantId,
    superuser: psycopg.Connection,
    app_session: psycopg.Connection,
) -> None:
    """Every table of the catalog with a tenant, whether a model knows it or not."""
    tables = tenant_tables(superuser)
    assert {table.table for table in tables} >= {model._meta.db_table for model in MODELS}
    for table in tables:
        with app_session.transaction():
            app_session.execute("SELECT set_config('warmline.tenant_id', %s, true)", (rivertown,))
            seen = app_session.execute(
                sql.SQL("SELECT tenant_id::text FROM {}").format(table.name)
            ).fetchall()
        assert seen == [(rivertown,)], table


def test_no_table_answers_raw_sql_without_a_tenant(
    rows: Planted, superuser: psycopg.Connection, app_session: psycopg.Connection
) -> None:
    """Error 42501."""
    for table in tenant_tables(superuser):
        with pytest.raises(InsufficientPrivilege, match="no tenant is bound"):
            app_session.execute(sql.SQL("SELECT * FROM {}").format(table.name))


def test_no_table_lets_another_tenants_row_be_changed_or_removed(
    rows: Planted,
    rivertown: TenantId,
    lakeside: TenantId,
    superuser: psycopg.Connection,
    app_session: psycopg.Connection,
) -> None:
    """Not by its id, not by its tenant, not by having no condition at all."""
    for table in tenant_tables(superuser):
        foreign_id = sql.Literal(str(rows[table.table][lakeside]))
        with app_session.transaction():
            app_session.execute("SELECT set_config('warmline.tenant_id', %s, true)", (rivertown,))
            for statement in (
                "DELETE FROM {table} WHERE id = {foreign_id}",
                "UPDATE {table} SET id = id WHERE id = {foreign_id}",
            ):
                assert (
                    changed(
                        app_session,
                        sql.SQL(statement).format(table=table.name, foreign_id=foreign_id),
                    )
                    == 0
                ), table
            assert changed(app_session, sql.SQL("DELETE FROM {}").format(table.name)) <= 1, table
        left = superuser.execute(sql.SQL("SELECT count(*) FROM {}").format(table.name)).fetchone()
        assert left == (2,), table


def test_no_table_takes_or_gives_away_a_row(
    rows: Planted,
    rivertown: TenantId,
    lakeside: TenantId,
    superuser: psycopg.Connection,
    app_session: psycopg.Connection,
) -> None:
    """A copy of one's own row under the other's name is refused, and so is renaming it."""
    for table in tenant_tables(superuser):
        with app_session.transaction():
            app_session.execute("SELECT set_config('warmline.tenant_id', %s, true)", (rivertown,))
            give = sql.SQL("UPDATE {} SET tenant_id = {}").format(table.name, sql.Literal(lakeside))
            assert refused(app_session, give), table
            foreign = sql.SQL("INSERT INTO {} (id, tenant_id) VALUES ({}, {})").format(
                table.name, sql.Literal(str(uuid4())), sql.Literal(lakeside)
            )
            assert refused(app_session, foreign), table
