"""Where the time of a SOP goes, against its own standard, and whether the record can be trusted.

Pure parts measure and judge; `refreshing` writes the derived rows; `questions` read them for one
`Scope`, which lives in the address of every page, table and document.
"""
