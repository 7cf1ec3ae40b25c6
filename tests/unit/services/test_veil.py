from ruqi.services.veil import looks_personal, personal, veiled, veiled_faults


def test_numbers_and_addresses_are_veiled():
    assert "13812345678" not in veiled("call 13812345678 now")
    assert "110101199003078888" not in veiled("110101199003078888")
    assert veiled("2024-13-01") == "2024-13-01"


def test_a_column_that_names_people_is_veiled_whatever_it_holds():
    assert personal("客户姓名") and personal("Home address") and not personal("金额")
    assert veiled("张三", "客户姓名") == "•三"
    assert veiled("张三", "金额") == "张三"
    assert veiled("", "姓名") == ""
    assert looks_personal("a@b.example") and not looks_personal("a@b.example!")


def test_faults_are_veiled_once_for_all():
    told = {"file": "m.csv", "column": "姓名", "found": "张三"}
    document = {"faults": [told, told | {"column": None, "found": None}], "counts": {"a": 2}}
    once = veiled_faults(document)
    assert [one["found"] for one in once["faults"]] == ["•三", ""]
    assert veiled_faults(once) == once
    assert once["counts"] == {"a": 2}
    assert document["faults"][0]["found"] == "张三"
