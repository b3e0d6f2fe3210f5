"""One person through nginx: the platform's screens and the stock screens in turn, so that both see the same machine."""
import json
import statistics
import sys
import time

from operations import MIXES, prepare
from person import person

ROUNDS = 25
WARM_UP = 5
"""rounds that only fill the caches of the workers"""


def measure(base, session_id, rounds=ROUNDS):
    """Return ``{operation: {"p50": ms, "p95": ms}}`` of both mixes."""
    web = person(base, session_id)
    ids = {mix: prepare(web, mix) for mix in MIXES}
    operations = [(mix, operation) for mix, all_of_it in MIXES.items() for operation in all_of_it]
    times = {operation.name: [] for _mix, operation in operations}
    for number in range(WARM_UP + rounds):
        for mix, operation in operations:
            started = time.perf_counter()
            operation.run(web, ids[mix])
            if number >= WARM_UP:
                times[operation.name].append((time.perf_counter() - started) * 1000)
    return {name: {"p50": statistics.median(t), "p95": statistics.quantiles(t, n=20)[-1]} for name, t in times.items()}


if __name__ == "__main__":
    address, session = sys.argv[1:3]
    json.dump(measure(address, session), sys.stdout)
