"""Choose treatments within limits, with reasons; never perform them."""
