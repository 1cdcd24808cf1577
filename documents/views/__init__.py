"""The pages of this room, thin over its services."""
