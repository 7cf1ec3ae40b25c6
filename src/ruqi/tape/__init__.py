"""A lender's accounts and what they did, month by month, as checked columns."""
