"""A month in the life of a company: everybody acts, the rules run, and the books are checked."""
