"""Seeding as a process of its own: ``python -m thecal.run.seed_process FOLDER EXAMPLES``.

It needs what the supervisor must not load: the bench, the programmers and the clinic's database.
"""

from __future__ import annotations

import sys
from pathlib import Path

from thecal.run.data_folder import DataFolder, StartRefused
from thecal.run.lifeline import die_with_parent
from thecal.run.pipe import SupervisorPipe


def main(arguments: list[str]) -> int:
    """Fill the folder, telling of each patient."""
    die_with_parent()
    pipe = SupervisorPipe()
    folder, examples = (Path(argument) for argument in arguments)
    from django.db import DatabaseError

    from thecal.run.seeding import seed

    try:
        seed(DataFolder(folder), examples, lambda text: pipe.tell({"seeded": text}))
    except StartRefused as refused:
        pipe.tell({"failed": str(refused)})
        return 2
    except OSError as error:
        pipe.tell({"failed": f"{error.filename or folder}: {error.strerror}"})
        return 2
    except DatabaseError as error:  # a full disk, as the database says it; the log may be as full
        pipe.tell({"failed": f"the clinic's database in {folder} cannot be written: {error}"})
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
