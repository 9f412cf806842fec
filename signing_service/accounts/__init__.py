"""How people and browsers prove who they are: tokens of links and sessions, one-time codes. No Flask, no database."""
