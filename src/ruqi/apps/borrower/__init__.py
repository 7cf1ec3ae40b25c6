"""Borrowers' door: what a purchase costs, and a way out of debts; public, and nothing is stored."""
