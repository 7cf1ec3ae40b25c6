"""The console: pages over a lender's own book."""
