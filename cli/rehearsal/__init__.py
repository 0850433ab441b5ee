"""The whole platform in one process and one thread, with a clock that is moved by hand."""
