"""Runs programs one after the other in one process of Python, as starting one takes longer than most of them run."""

import contextlib
import io
import json
import os
import sys
import traceback


def run(code):
    """Runs a program with names of its own, and says whether it failed."""
    try:
        exec(compile(code, "sample", "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code not in (None, 0)
    except Exception:
        traceback.print_exc()
        return True
    return False


for line in sys.stdin:
    asked = json.loads(line)
    os.environ.update(asked["settings"])
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        failed = run(asked["code"])
    print(json.dumps({"stdout": stdout.getvalue(), "stderr": stderr.getvalue(), "failed": failed}), flush=True)
