"""The wing of staff: writing, review, publication, sources, the outbox and the audit."""
