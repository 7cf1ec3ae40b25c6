"""Whether a law pack is the book's own law, or only stands in for a law that is not known here."""

from dataclasses import dataclass

from ruqi.law.pack import Pack
from ruqi.tape.columns import Tape
from ruqi.treatment.policy import Policy


@dataclass(frozen=True)
class Standing:
    """`stand_in`: the pack is not the law of this book; the notes say why, empty where it is."""

    stand_in: bool
    note_en: str
    note_zh: str


def standing(tape: Tape, policy: Policy, pack: Pack) -> Standing:
    """Stand-in where the policy says so, or where currency or time zone is not one of the pack's.

    A note of the policy comes first: it knows more of the book than the two words compared here.
    """
    foreign = [
        (name_en, name_zh, own, theirs)
        for name_en, name_zh, own, theirs in (
            ("currency", "币种", tape.currency, pack.edition.currencies),
            ("time zone", "时区", tape.time_zone, pack.edition.time_zones),
        )
        if own not in theirs
    ]
    if not foreign:
        return Standing(policy.law_stand_in, policy.law_note_en, policy.law_note_zh)
    if policy.law_stand_in and policy.law_note_en:
        return Standing(True, policy.law_note_en, policy.law_note_zh)
    en = " and ".join(f"{name} {own}" for name, _, own, _ in foreign)
    zh = "、".join(f"{name} {own}" for _, name, own, _ in foreign)
    made_en = " and ".join(f"{name} {theirs[0]}" for name, _, _, theirs in foreign)
    made_zh = "、".join(f"{name} {theirs[0]}" for _, name, _, theirs in foreign)
    return Standing(
        True,
        f"The law of this book is not known here: its {en} is not that of pack {pack.id} "
        f"({made_en}). The pack's rules, read at {pack.read_at}, are applied in its place; whom "
        "this book's own law bars or allows, nobody has checked. Name the right pack in the policy "
        "(law.pack).",
        f"本账簿适用的法律未知：其{zh} 与规则包 {pack.id}（{made_zh}）不符。"
        f"此处暂以该规则包（读取日 {pack.read_at}）代用，本账簿自身法律允许或禁止何种触达未经核实。"
        "请在策略文件中指定正确的规则包（law.pack）。",
    )
