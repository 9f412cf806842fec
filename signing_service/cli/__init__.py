"""The command line: the operator's door. Thin, like the other doors."""
