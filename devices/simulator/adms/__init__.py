"""A terminal that calls the server over HTTP (ADMS push), in software.

`add_arguments` and `run` are what the command line of the simulator needs of it; `terminal.py` is
the terminal itself.
"""

from devices.simulator.adms.command_line import add_arguments, run

__all__ = ["add_arguments", "run"]
