"""What a borrower can learn, and plan, with their own numbers."""
