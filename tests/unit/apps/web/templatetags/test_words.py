from django.template import Context, Template
from django.utils import translation

from ruqi.adapters.report.words import Text


def test_tags_speak_the_readers_language_and_escape():
    template = Template(
        "{% say 'worklist.page' page=1 pages=2 %}|{{ text|read }}|{{ 'analyst'|role }}"
    )
    with translation.override("zh-hans"):
        told = template.render(Context({"text": Text("<b>", "<甲>")}))
    assert told == "第 1 / 2 页|&lt;甲&gt;|分析师"
    assert Template("{{ 'root'|role }}").render(Context()) == "root"


def test_acts_are_told_in_words_and_their_details_on_a_line():
    shown = Template(
        "{{ 'upload refused'|act }}|{{ 'strange'|act }}|{{ d|facts }}|{{ 30000|whole }}"
    )
    with translation.override("zh-hans"):
        told = shown.render(
            Context(
                {
                    "d": {
                        "rows": 0,
                        "find": "",
                        "kind": "<csv>",
                        "odd": 1,
                        "roles": ["analyst", "boss"],
                    }
                }
            )
        )
    assert (
        told == "上传被拒|strange|行数：0 · 类型：&lt;csv&gt; · odd: 1 · 角色：分析师, boss|30,000"
    )


def test_what_a_fact_says_is_told_in_words_where_it_is_a_word_of_ours():
    shown = Template("{{ d|facts }}")
    detail = {"masked": False, "sort": "chance", "treatment": "sms", "roles": ["analyst"]}
    with translation.override("zh-hans"):
        told = shown.render(Context({"d": detail | {"why": "bomb", "reason": "chance"}}))
    for part in ("脱敏：否", "排序：概率", "短信", "分析师", "解压异常膨胀", "理由：chance"):
        assert part in told
