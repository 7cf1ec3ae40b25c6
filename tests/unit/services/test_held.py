from ruqi.services.held import Found


def test_what_was_found_may_be_more_than_what_is_shown():
    assert Found([{}], 9).total == 9
