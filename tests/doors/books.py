"""Small strangers' books on disk, as outsiders would bring them."""

import random
from pathlib import Path

MONTHS = [f"2024年{month:02d}月" for month in range(1, 13)]
STAGES = ["正常", "轻度", "重度", "核销"]

MANIFEST = """\
tape: stranger-2024
currency: CNY
amounts: major
time_zone: Asia/Shanghai
as_of: 2024-12-31
observed: month_end
tables:
  accounts:
    path: 账户.csv
    encoding: gb18030
    columns:
      account_id: 客户号
      opened_on: {from: 开户日, format: "%Y%m%d"}
      limit: {from: 授信额度, thousands: ","}
    features: [渠道]
    protected: [性别, 年龄]
  performance:
    path: 月末.csv
    encoding: gb18030
    columns:
      account_id: 客户号
      on: {from: 账期, format: "%Y年%m月"}
      stage: 逾期阶段
      balance: "借据余额(元)"
    codes: {stage: {正常: M0, 轻度: M1, 重度: M2, 核销: charged_off}}
delinquency:
  by: stage
  buckets: {M0: 0, M1: 1-30, M2: 31-}
"""


def stranger(folder: Path, accounts: int = 120, seed: int = 7) -> Path:
    """The contract's own example: Chinese headers, GB18030, long form, stages with codes."""
    dice = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    people = ["客户号,开户日,授信额度,渠道,性别,年龄"]
    rows = ["客户号,账期,逾期阶段,借据余额(元)"]
    for number in range(accounts):
        account = f"{number:06d}"
        opened = number % 6  # opened in January to June
        people.append(
            f'{account},2024{opened + 1:02d}15,"{dice.randrange(1, 30)},000",'
            f"{dice.choice(['门店', '线上'])},{dice.choice('男女')},{dice.randrange(20, 60)}"
        )
        stage, balance = 0, dice.randrange(100_000, 900_000)
        for month in MONTHS[opened:]:
            rows.append(f"{account},{month},{STAGES[stage]},{balance / 100:.2f}")
            if stage == 3:
                break
            worse = dice.random() < (0.12, 0.35, 0.4)[stage]
            stage = stage + 1 if worse else (0 if dice.random() < 0.5 else stage)
            balance = max(balance - 5_000, 0)
    (folder / "账户.csv").write_bytes("\n".join(people).encode("gb18030"))
    (folder / "月末.csv").write_bytes(("\r\n".join(rows) + "\r\n").encode("gb18030"))
    (folder / "tape.yaml").write_text(MANIFEST, encoding="utf-8")
    return folder


HAND = """\
tape: hand
currency: CNY
amounts: minor
time_zone: Asia/Shanghai
observed: month_end
tables:
  performance:
    path: perf.csv
    columns: {account_id: id, on: on, dpd_days: dpd, balance: balance, status: status}
delinquency:
  by: days
  buckets: {M0: 0, M1: 1-30, M2: 31-}
"""

# a: rolls forward, then is charged off, then seen once more. b: a gap in February. c: leaves.
HAND_ROWS = """\
id,on,dpd,balance,status
a,2024-01-31,0,100,
a,2024-02-29,12,90,
a,2024-03-31,40,80,
a,2024-04-30,,70,charged_off
b,2024-01-31,5,1000,
b,2024-03-31,0,900,
b,2024-04-30,0,800,
c,2024-01-31,0,7,
c,2024-02-29,0,6,
d,2024-03-31,0,50,
d,2024-04-30,0,0,paid_off
"""


def by_hand(folder: Path, rows: str = HAND_ROWS) -> Path:
    """Eleven rows whose every move can be counted by hand."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "perf.csv").write_text(rows, encoding="utf-8")
    (folder / "tape.yaml").write_text(HAND, encoding="utf-8")
    return folder
