"""The core of the handlers: what the wings share."""
