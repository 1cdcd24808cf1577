"""An app that moves the clock of every process of an installation, for walks through a month."""
