"""Server-sent events: one door for the host console, the seats and the stage."""
