"""Delivery: from what is published to messages in chats, and to their amendments."""
