import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_change_of_the_tables_is_forgotten():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
