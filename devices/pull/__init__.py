"""The 4370 protocol: a child process speaks it through pyzk, the parent asks for typed answers."""
