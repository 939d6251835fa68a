"""``python -m canbo.cli`` is the command ``canbo``."""

from canbo.cli.app import main

main()
