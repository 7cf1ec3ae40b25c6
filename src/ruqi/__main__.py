"""`python -m ruqi` is the command line."""

from ruqi.apps.cli.main import main

main()
