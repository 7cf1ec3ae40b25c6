from ruqi.adapters.files import csv_kernels
from ruqi.adapters.files.warm_up import warm_up
from ruqi.tape import ids

ENTRIES = {
    csv_kernels: ("row_ends", "mark", "split", "gather", "distinct", "amounts"),
    ids: ("_number", "_rehash", "_count", "_counting_order"),
}


def test_it_uses_everything_that_is_compiled():
    assert warm_up().counts == {"duplicate_key": 1}
    for module, names in ENTRIES.items():
        for name in names:
            assert getattr(module, name).signatures, name
