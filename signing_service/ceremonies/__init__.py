"""The rules of a live signing ceremony: states, turns, consent. No Flask, no database."""
