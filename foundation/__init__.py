"""What every room stands on and that knows none of them: the ledger, the outbox, safe input."""
