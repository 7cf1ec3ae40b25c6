"""Every change of money is a balanced entry that is never edited."""
