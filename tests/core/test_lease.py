"""One run at a time on a lake: taken, renewed, lost, and taken over from the dead."""

import json
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from support.local_s3 import s3_root

from datalake.core.errors import LakeError
from datalake.core.lease import Lease, _namespace, leased
from datalake.core.storage import open_storage

KEY = "Publishing/tables.lease.json"


@pytest.fixture(params=["local", "s3"])
def kept(request, tmp_path, monkeypatch):
    if request.param == "local":
        yield open_storage(str(tmp_path / "lake"))
    else:
        with s3_root(monkeypatch) as address:
            yield open_storage(address)


def held(kept, **changes):
    """Write a lease as another run's."""
    owner = {
        "id": "theirs",
        "work": "refined",
        "host": "elsewhere",
        "process": 7,
        "until": (datetime.now(UTC) + timedelta(minutes=1)).isoformat(),
    }
    with kept.create(KEY) as file:
        file.write(json.dumps(owner | changes).encode())


def test_a_second_run_is_told_who_is_at_work(kept):
    with leased(kept, "tables", "trusted"), pytest.raises(LakeError) as raised:
        Lease(kept, "tables", "refined").take()
    told = f"another run is at work (trusted, process {os.getpid()} on {socket.gethostname()})"
    assert str(raised.value).startswith(f"{kept.url('')}: {told}; wait for it")
    Lease(kept, "tables", "refined").take()  # the first has ended


@pytest.mark.parametrize("namespace", ["", "another boot or container"])
def test_a_process_that_can_not_be_seen_from_here_is_not_taken_for_dead(kept, namespace):
    held(kept, host=socket.gethostname(), process=2**22 + 1, namespace=namespace)
    with pytest.raises(LakeError, match=r"another run is at work \(refined, process 4194305"):
        Lease(kept, "tables", "trusted").take()


def test_leases_of_other_things_do_not_meet(kept):
    with leased(kept, "tables", "trusted"), leased(kept, "raw", "ingest"):
        pass


@pytest.mark.parametrize(
    "changes",
    [
        {"until": (datetime.now(UTC) - timedelta(seconds=1)).isoformat()},
        {"host": socket.gethostname(), "process": 2**22 + 1, "namespace": _namespace()},
    ],
    ids=["its time is over", "its process is dead"],
)
def test_a_dead_run_s_lease_is_taken_over(kept, changes):
    held(kept, **changes)
    lease = Lease(kept, "tables", "refined")
    lease.take()
    lease.renew()


def test_a_live_run_elsewhere_is_waited_for(kept):
    held(kept)
    with pytest.raises(
        LakeError, match=r"another run is at work \(refined, process 7 on elsewhere"
    ):
        Lease(kept, "tables", "trusted").take()


def test_a_run_that_lost_its_lease_is_told_so_and_lets_the_new_owner_be(kept):
    lease = Lease(kept, "tables", "trusted")
    lease.take()
    held(kept)
    with pytest.raises(LakeError, match="this run was silent for more than 120 s and another"):
        lease.renew()
    lease.release()
    assert json.loads(kept.open(KEY).read())["id"] == "theirs"


def test_it_is_renewed_as_long_as_the_work_goes_on(kept):
    with leased(kept, "tables", "trusted", timedelta(seconds=1)):
        first = json.loads(kept.open(KEY).read())["until"]
        later = first
        deadline = datetime.now(UTC) + timedelta(seconds=20)
        while later == first and datetime.now(UTC) < deadline:
            later = json.loads(kept.open(KEY).read())["until"]
        assert later > first


def test_of_many_runs_at_once_one_gets_it(kept):
    def take(number):
        try:
            Lease(kept, "tables", str(number)).take()
        except LakeError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) == 1


def test_a_killed_process_leaves_a_lease_that_the_next_takes(tmp_path):
    code = (
        "import os, sys; from datalake.core.lease import Lease;"
        "from datalake.core.storage import open_storage;"
        "Lease(open_storage(sys.argv[1]), 'tables', 'trusted').take(); os.kill(os.getpid(), 9)"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert ran.returncode == -9
    Lease(open_storage(str(tmp_path)), "tables", "trusted").take()


def test_a_holder_s_text_of_any_length_is_cut(tmp_path):
    storage = open_storage(str(tmp_path))
    Lease(storage, "tables", "x" * 5_000).take()
    with pytest.raises(LakeError) as caught:
        Lease(storage, "tables", "another").take()
    assert len(str(caught.value)) < 500
