"""Ruqi 如期 keeps buy-now-pay-later credit on schedule."""
