from ruqi.apps.chinese import catalogue, chinese


def test_a_sentence_is_known_by_its_template():
    assert chinese("a column `x`") == "名为 `x` 的列"
    assert chinese("no such sentence") == "no such sentence"
    assert len(catalogue()) > 100
