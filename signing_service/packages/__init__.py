"""Template packages from people: examined and compared in a separate limited process, and kept once they are read.

What a package is and what is wrong with one is decided in `agreements`. No database, no Flask.
"""
