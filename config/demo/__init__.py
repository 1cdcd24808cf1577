"""The demo: an invented office whose months are played through the same services as real ones."""
