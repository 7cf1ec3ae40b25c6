from django.apps import apps


def test_its_tables_are_the_desks():
    assert apps.get_app_config("desk").name == "ruqi.adapters.postgres"
