import pytest

from ruqi.adapters.postgres.models import Upload
from some_uploads import kept_upload


@pytest.mark.django_db
def test_what_was_uploaded_is_not_discarded():
    assert Upload.objects.get(pk=kept_upload()).discarded_at is None
