"""What may be done, to whom, when and at what price, and which rule says so."""
