"""Foreign services that tests talk to: programs of their own, in processes of their own."""
