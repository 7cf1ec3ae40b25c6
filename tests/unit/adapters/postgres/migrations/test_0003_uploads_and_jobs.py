import pytest
from django.db import IntegrityError
from django.utils import timezone

from ruqi.adapters.postgres.models import Job
from some_uploads import kept_upload


@pytest.mark.django_db
def test_the_database_itself_refuses_a_second_unfinished_job():
    upload = kept_upload()
    plain = {"upload_id": upload, "kind": "run", "asked_at": timezone.now()}
    Job.objects.create(state="done", **plain)
    Job.objects.create(state="running", **plain)
    with pytest.raises(IntegrityError):
        Job.objects.create(state="waiting", **plain)
