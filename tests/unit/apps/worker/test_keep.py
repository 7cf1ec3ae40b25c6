import subprocess
import sys
import time

from ruqi.apps.worker import keep
from ruqi.apps.worker.keep import Keeper


def test_a_worker_that_dies_is_started_again_and_stopped_with_its_keeper(monkeypatch):
    started = []
    real = subprocess.Popen

    def popen(command, **rest):
        assert command[-1] == "ruqi.apps.worker"
        words = "import time; time.sleep(60)" if started else ""
        started.append(real([sys.executable, "-c", words], **rest))
        return started[-1]

    monkeypatch.setattr(keep.subprocess, "Popen", popen)
    monkeypatch.setattr(keep, "PAUSE_S", 0.1)
    keeper = Keeper()
    keeper.start()
    while len(started) < 2:
        time.sleep(0.02)
    keeper.stop()
    assert started[0].returncode == 0
    assert started[1].returncode is not None
