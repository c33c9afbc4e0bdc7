"""One cold call of the handler, as Lambda makes it: lambda_call.py PACKAGE EVENT SECONDS.

Started with -I -S, so that it sees the package alone.
"""

import json
import sys
import time
from types import SimpleNamespace

package, event, seconds = sys.argv[1:]
sys.path[:0] = [f"{package}/function", f"{package}/layer/python"]

started, cpu_started = time.perf_counter(), time.process_time()
import enrich_lambda  # noqa: E402

imported, import_cpu = time.perf_counter(), time.process_time() - cpu_started
deadline = time.monotonic() + float(seconds)
context = SimpleNamespace(
    get_remaining_time_in_millis=lambda: int(1000 * (deadline - time.monotonic()))
)
response = enrich_lambda.handler(json.loads(event), context)
called = time.perf_counter()


def _peak() -> float:
    """In MB; `getrusage` would return the parent's peak where that was higher."""
    with open("/proc/self/status", encoding="utf-8") as status:  # noqa: PTH123
        return int(status.read().partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


print(
    json.dumps(
        {
            "response": response,
            "import_seconds": imported - started,
            "import_cpu_seconds": import_cpu,
            "seconds": called - imported,
            "peak_mb": _peak(),
        }
    )
)
