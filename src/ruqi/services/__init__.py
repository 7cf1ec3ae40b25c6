"""One use case per file: the only place where things happen."""
