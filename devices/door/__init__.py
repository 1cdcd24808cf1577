"""The door at /iclock/: answers machines that call, lean and in the same process as the site."""
