"""A borrower's debts as typed into the planner."""

WHOLE = {
    "income": "8000",
    "outgoings": "5,200",
    "start": "2026-12-01",
    "name-1": "Card",
    "balance-1": "14500",
    "rate-1": "18.25",
    "minimum-1": "10%",
    "due-1": "8",
    "turn-1": "2",
    "balance-2": "6000",
    "rate-2": "0",
    "minimum-2": "500",
    "turn-2": "1",
    "extra": "200",
    "less": "20",
    "from": "2027-03",
}
