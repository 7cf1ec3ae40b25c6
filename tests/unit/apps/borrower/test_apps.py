from django.apps import apps


def test_the_room_is_known():
    assert apps.get_app_config("borrower").name == "ruqi.apps.borrower"
