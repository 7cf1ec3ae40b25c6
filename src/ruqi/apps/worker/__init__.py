"""The worker: does the work on uploads away from the pages."""
