"""python -m bot: the same as the peyk command."""

from bot.cli import main

if __name__ == "__main__":
    main()
