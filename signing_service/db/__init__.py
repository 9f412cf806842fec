"""The tables, the session and the migrations."""
