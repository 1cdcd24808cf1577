"""What is made beside a Word file: its PDF, the signed PDF that is the record, packages."""
