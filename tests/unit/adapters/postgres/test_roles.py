import psycopg

from ruqi.adapters.postgres import roles


def test_making_roles_twice_is_as_once(desk_server):
    with psycopg.connect(desk_server.url(roles.SUPERUSER), autocommit=True) as connection:
        roles.set_up(connection)


def test_the_application_makes_no_tables(desk_server):
    with psycopg.connect(desk_server.url(roles.APPLICATION)) as connection:
        try:
            connection.execute("CREATE TABLE mine ()")
        except psycopg.errors.InsufficientPrivilege:
            return
    raise AssertionError("the application made a table")


def test_grants_name_every_table_once_for_each_role():
    said = roles.grants(
        ["desk_run", "desk_act", "auth_user"], ["desk_run", "desk_act"], ["desk_run"]
    )
    assert 'GRANT SELECT, INSERT ON "desk_run" TO ruqi_app' in said
    assert 'GRANT SELECT, INSERT, UPDATE, DELETE ON "auth_user" TO ruqi_app' in said
    assert 'GRANT SELECT ON "desk_run" TO ruqi_reader' in said
    assert not any("desk_act" in one and one.endswith("TO ruqi_reader") for one in said)
    assert not any("auth_user" in one and one.endswith("TO ruqi_reader") for one in said)
