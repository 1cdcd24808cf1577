"""What people are told while the work is going on: never a question, never a block.

`watching` says what there is to tell, `week` what a week came to; the writes are in
`processes.services.notices`.
"""
