import pytest


@pytest.fixture(autouse=True)
def folders(upload_folder):
    """A folder of uploads for each test."""
    return upload_folder
