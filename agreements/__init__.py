"""What is agreed: templates, drafts, versions, comparisons, approvals. Plain Python; no Flask, no database, no keys.

The words of this package:

template      a folder of data (typed variables, clause texts per language, approval route); holds no code
values        what a drafter filled in, checked and normalised against the template
version       template + values composed into frozen content; its SHA-256 is its identity
clause        one numbered article, present in every language of the agreement
route         the stages of approval a version goes through; decisions are bound to the version's SHA-256
lifecycle     the states of an agreement and the one table of permitted moves
ending        withdrawn while nobody has signed, void once somebody has; an agreement can also run past its deadline
succession    an agreement that amends a completed one, or takes its place
"""
