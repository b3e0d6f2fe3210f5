"""What a run cost the processors: on a machine that others use as well, the clock says little."""
import os
import resource
from pathlib import Path

from ..postgres import Cluster

TICK = os.sysconf("SC_CLK_TCK")


def seconds(cluster: Cluster | None) -> float:
    """Processor seconds of this program, of all that it started and saw end, and of the database server."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used) + of_server(cluster)


def of_server(cluster: Cluster | None) -> float:
    """PostgreSQL is nobody's child; it keeps account of its own that ended."""
    try:
        first = cluster.process if cluster else 0
        fields = Path(f"/proc/{first}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15])) / TICK
