"""The first page of each person: what needs him, what waits for others, who is there today.

A module per part; each shows itself to whoever has the capability, whatever his role is called.
Every number leads to its rows.
"""
