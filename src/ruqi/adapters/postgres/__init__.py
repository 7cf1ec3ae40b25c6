"""PostgreSQL: a private server from a wheel or one of your own, and finished runs copied into it."""
