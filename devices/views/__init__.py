"""Pages of this room, thin over services; a machine is never spoken to within a request."""
