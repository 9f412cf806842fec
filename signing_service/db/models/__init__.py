"""One file per noun; a comment per column; no behaviour."""
