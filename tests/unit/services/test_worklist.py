import pytest

from ruqi.services.worklist import Load, Work, WorklistQuery, masked, person_name, read_query


def test_an_address_says_the_whole_query_and_reads_back():
    query = WorklistQuery(
        "M2", "call", "barred", "HOLD_DISPUTE", 500, "A", "li", "changed", "balance", 3
    )
    assert read_query(query.parameters()) == query
    assert WorklistQuery().parameters() == {}
    assert query.parameters(page=1).get("page") is None


@pytest.mark.parametrize(
    "given",
    [
        {"page": "-1"},
        {"page": "0"},
        {"page": "x"},
        {"sort": "id; DROP TABLE"},
        {"treatment": "torture"},
        {"contact": "maybe"},
        {"change": "perhaps"},
        {"least": "1e9"},
        {"least": "0"},
    ],
)
def test_nonsense_is_as_if_absent(given):
    assert read_query(given) == WorklistQuery()


def test_texts_are_cut_and_freed_of_nulls():
    assert read_query({"find": "a\0b" + "x" * 500}).find == ("ab" + "x" * 198)
    assert read_query({"least": "1,000"}).least == 1000
    assert not read_query({"sort": "account", "page": "4"}).filtered()
    assert read_query({"find": "A"}).filtered()


def test_an_id_shows_its_end_only():
    assert masked("1234567890") == "••••••7890"
    assert masked("12345") == "••••5"
    assert masked("1") == "1"


def test_a_load_grows_and_shrinks_by_its_accounts():
    work = [Work("A1", "B1", 8, 500, None), Work("A2", "B1", 0, 70, "li")]
    assert Load(1, 2, 3).with_more(work) == Load(3, 10, 573)
    assert Load(3, 10, 573).with_more(work, -1) == Load(1, 2, 3)


@pytest.mark.parametrize("name", ["li", "李四", "li.si+1@x-y_z", "X" * 60])
def test_a_name_is_letters_of_any_script(name):
    assert person_name(name) == name


@pytest.mark.parametrize("name", ["", "me", "NOBODY", "a b", "=1", "a\n", "x" * 61])
def test_what_means_something_else_is_nobodys_name(name):
    assert person_name(name) is None
