"""What SOP files, documents, the archive and the inbox use of this room by name."""
