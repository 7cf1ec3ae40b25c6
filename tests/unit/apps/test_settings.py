from django.conf import settings

from ruqi.apps.settings import database


def test_a_url_becomes_djangos_words():
    found = database("postgresql://me:secret@db.example:5433/books?sslmode=require")
    assert (found["HOST"], found["PORT"]) == ("db.example", "5433")
    assert (found["USER"], found["PASSWORD"]) == ("me", "secret")
    assert found["NAME"] == "books"
    assert found["OPTIONS"]["sslmode"] == "require"
    assert database("host=/run/pg user=me")["NAME"] == "ruqi"
    assert database("options='-c work_mem=8MB'")["OPTIONS"]["options"] == (
        "-c work_mem=8MB -c statement_timeout=30000"
    )


def test_nothing_is_open_by_default():
    assert settings.DEBUG is False
    assert "*" not in settings.ALLOWED_HOSTS
    assert settings.SESSION_COOKIE_HTTPONLY
