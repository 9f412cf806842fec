"""What a child of the isolation does in its tests: the question says what."""

import json
import os
import signal
import sys
import time
from pathlib import Path

from signing_service import isolation


def main() -> int:
    """Answer the question on standard input."""
    question = json.loads(sys.stdin.buffer.read())
    isolation.limit(question["limits"])
    match question["task"]:
        case "facts":
            files = sorted(file.name for file in Path("/proc/self/fd").iterdir())
            facts = {"pid": os.getpid(), "parent": os.getppid(), "environment": dict(os.environ), "files": files}
            sys.stdout.write(json.dumps(facts))
        case "repeat":
            sys.stdout.write(question["words"])
        case "sleep":
            sys.stdout.write(str(os.getpid()))
            sys.stdout.flush()
            time.sleep(600)
        case "raise":
            raise ValueError("a secret of the file")
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "burn":
            while True:
                pass
    return 0
