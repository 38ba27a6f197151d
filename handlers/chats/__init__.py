"""The wing of chats: their settings, subscriptions and admission."""
