"""What a borrower's conduct says, learned and scored."""
