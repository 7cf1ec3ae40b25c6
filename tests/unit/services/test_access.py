import pytest

from ruqi.services.access import Right, Role, first_page, rights

# What each role opens, written out once more by hand.
TABLE = """
right        analyst collector supervisor compliance administrator
books        x       .         x          .          x
upload       x       .         x          .          .
discard      .       .         x          .          x
overview     x       .         x          x          .
portfolio    x       .         x          x          .
worklist     x       x         x          x          .
account      x       x         x          x          .
export       .       x         x          .          .
whole        x       .         x          x          .
assign       .       .         x          .          .
share        .       .         x          .          .
unmask       .       .         x          .          .
law          x       x         x          x          .
models       x       .         .          x          .
definitions  x       x         x          x          .
people       .       .         .          .          x
"""


def test_who_may_what_by_the_table():
    head, *lines = (line.split() for line in TABLE.strip().splitlines())
    assert {line[0] for line in lines} == set(Right)
    for place, role in enumerate(head[1:], start=1):
        wanted = {line[0] for line in lines if line[place] == "x"}
        assert rights([role]) == wanted, role
    assert set(head[1:]) == set(Role)


def test_roles_add_up_and_strangers_have_nothing():
    both = rights(["analyst", "administrator"])
    assert both == rights(["analyst"]) | rights(["administrator"])
    assert rights(["root", ""]) == frozenset()
    assert rights([]) == frozenset()


@pytest.mark.parametrize(
    ("role", "page"),
    [("analyst", "overview"), ("collector", "worklist"), ("administrator", "books")],
)
def test_one_lands_where_one_may(role, page):
    assert first_page(rights([role])) == page
    assert first_page(frozenset()) is None
