"""`python -m govkg` is `govkg`."""

from govkg.cli import main

main()
