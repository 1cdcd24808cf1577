"""Word templates of the office: its versions, how they are looked through, which one holds."""
