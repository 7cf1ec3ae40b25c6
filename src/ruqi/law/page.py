"""A pack as a page people read: every rule with force, dates, source, confidence, and the guard's.

Written as Markdown; docs/reference/law-cn.md is made by it.
"""

from collections.abc import Mapping
from typing import Any

from ruqi.law.pack import TIME_OF_DAY, Edition, Interval, Pack, Parameter
from ruqi.law.rules import RULES, backing

_WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "title": "Law pack {id}: {name}",
        "intro": "Edition {version}, compiled {compiled}, read at {read_at}. Status: {status}. "
        "Engineering input, not legal advice. Content sha256 `{hash}`.",
        "key": "Confidence: P read in the primary text, S in a secondary source, M from memory "
        "only (not applied until an attestation in the policy covers it), H choice of this house. "
        "Dates are days in force, both included; of an interval [ ] belong to it and ( ) do not.",
        "heads": "parameter|value|rule|in force|force|source|confidence|applied",
        "guard": "What the guard may answer",
        "guard_heads": "rule|says|backed by|source",
        "sources": "Sources",
        "source_heads": "id|title|read",
        "always": "always",
        "from": "from {a}",
        "until": "until {b}",
        "yes": "yes",
        "no": "no",
        "house": "house",
        "why": {
            "not_in_force": "not in force",
            "draft": "no, a draft",
            "unattested": "no, unattested",
        },
    },
    "zh": {
        "title": "规则包 {id}：{name}",
        "intro": "版本 {version}，编制于 {compiled}，按 {read_at} 读取。状态：{status}。"
        "仅供工程实现参考，不构成法律意见。内容 sha256 `{hash}`。",
        "key": "可信度：P 查阅原文，S 二手来源，M 仅凭记忆（须由策略文件中的书面确认覆盖"
        "方可适用），H 本平台自定。日期为有效日，首尾均含；区间中 [ ] 含端点，( ) 不含端点。",
        "heads": "参数|取值|规则|有效期|效力|来源|可信度|是否适用",
        "guard": "触达守卫可能给出的答复",
        "guard_heads": "规则|含义|依据参数|来源",
        "sources": "来源",
        "source_heads": "编号|名称|查阅情况",
        "always": "始终",
        "from": "自 {a} 起",
        "until": "至 {b}",
        "yes": "是",
        "no": "否",
        "house": "本平台",
        "why": {"not_in_force": "不在有效期", "draft": "否，草案", "unattested": "否，待确认"},
    },
}


def pack_markdown(pack: Pack, language: str = "en") -> str:
    """The whole pack, applied or not, as one page in `en` or `zh`."""
    words = _WORDS[language]
    zh = language == "zh"
    edition = pack.edition
    facts = {
        "id": pack.id,
        "name": edition.name_zh if zh else edition.name_en,
        "version": edition.version,
        "compiled": edition.compiled.isoformat(),
        "read_at": pack.read_at.isoformat(),
        "status": edition.status_zh if zh else edition.status_en,
        "hash": pack.hash,
    }
    why = {id(one.parameter): words["why"][one.why] for one in pack.unapplied}
    lines = ["# " + words["title"].format(**facts), ""]
    lines += [words["intro"].format(**facts), "", words["key"], ""]
    group = ""
    for parameter in edition.parameters:
        if parameter.id.split(".")[0] != group:
            group = parameter.id.split(".")[0]
            lines += ["", f"## {group}", "", *_heads(words["heads"])]
        applied = why.get(id(parameter), words["yes"])
        lines.append(_row(_cells(edition, parameter, language, applied)))
    lines += ["", f"## {words['guard']}", "", *_heads(words["guard_heads"])]
    for rule in RULES.values():
        by = backing(rule.id, pack)
        source = words["house"] if by is None or by.source == "house" else by.source
        backed = f"`{by.id}`" if by else ""
        lines.append(_row([f"`{rule.id}`", rule.says_zh if zh else rule.says_en, backed, source]))
    lines += ["", f"## {words['sources']}", "", *_heads(words["source_heads"])]
    for one in edition.sources.values():
        title, read = (one.title_zh, one.read_zh) if zh else (one.title, one.read)
        lines.append(_row([one.id, f"{title} {one.address}".strip(), read]))
    return "\n".join(lines) + "\n"


def _cells(edition: Edition, parameter: Parameter, language: str, applied: str) -> list[object]:
    zh = language == "zh"
    says = parameter.says_zh if zh else parameter.says_en
    note = parameter.note_zh if zh else parameter.note_en
    return [
        f"`{parameter.id}`",
        value_text(edition, parameter, language),
        f"{says} {note}".strip(),
        _span(parameter, _WORDS[language]),
        parameter.force,
        parameter.source,
        parameter.confidence,
        applied,
    ]


def value_text(edition: Edition, parameter: Parameter, language: str = "en") -> str:
    """A value as people read it, an interval with brackets that say which ends belong to it.

    Units and coded values by the edition's words; what it has no word for stays as it is.
    """
    zh = language == "zh"

    def said(code: str) -> str:
        return edition.words.get(code, (code, code))[zh]

    value = parameter.value
    unit = "" if parameter.unit in (TIME_OF_DAY, "word") else f" {said(parameter.unit)}"
    if isinstance(value, bool):
        return _WORDS[language]["yes" if value else "no"]  # type: ignore[no-any-return]
    if isinstance(value, tuple):
        return ("、" if zh else ", ").join(said(one) for one in value)
    if isinstance(value, str):
        return said(value)
    if isinstance(value, Interval):
        low = _end(value.low, parameter.unit, "−∞")
        high = _end(value.high, parameter.unit, "∞")
        opens = "[" if value.low_inclusive and value.low is not None else "("
        closes = "]" if value.high_inclusive and value.high is not None else ")"
        return f"{opens}{low}, {high}{closes}{unit}"
    return f"{value}{unit}"


def _end(point: object, unit: str, absent: str) -> str:
    if point is None:
        return absent
    if unit == TIME_OF_DAY and isinstance(point, int):
        return f"{point // 3600:02d}:{point % 3600 // 60:02d}"
    return str(point)


def _span(parameter: Parameter, words: Mapping[str, Any]) -> str:
    a, b = parameter.effective_from, parameter.effective_until
    parts = []
    if a is not None:
        parts.append(words["from"].format(a=a.isoformat()))
    if b is not None:
        parts.append(words["until"].format(b=b.isoformat()))
    return " ".join(parts) or words["always"]


def _heads(text: str) -> list[str]:
    heads = text.split("|")
    return [_row(list(heads)), "|" + " --- |" * len(heads)]


def _row(cells: list[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
