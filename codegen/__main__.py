import sys

from codegen.cli.entry import main

sys.exit(main())
