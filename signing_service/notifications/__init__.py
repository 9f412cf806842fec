"""What people are told by mail: the words, the outbox, the delivery. No Flask."""
