"""PostgreSQL: a private server or your own, and copies of finished runs."""
