import pytest


@pytest.fixture(autouse=True)
def folders(tmp_path, settings):
    """A folder of uploads for each test."""
    settings.BOOKS = tmp_path / "books"
    settings.FILE_UPLOAD_TEMP_DIR = settings.BOOKS / ".half"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True)
    return settings.BOOKS
