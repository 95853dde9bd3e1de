"""`python -m hubctl`: the same program as the `hubctl` command."""

from hubctl.cli.main import main

raise SystemExit(main())
