"""The files of one SOP: each read by itself, then held against each other and those of others."""
