"""What happened in a SOP, as a log for programs of process mining.

`happenings` says what befell one visit (pure), `traces` read the instances of a scope batch by
batch, `xes` and `table` write them: XES as IEEE 1849-2016 has it, and CSV with the same rows.
People stand in it as "petugas-17" until somebody asks for their names.
"""
