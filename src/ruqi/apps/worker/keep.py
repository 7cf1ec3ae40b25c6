"""Keeps one worker process alive: started beside the pages, started again when it dies."""

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress

from ruqi.apps.worker.loop import KEEPER

PAUSE_S = 1.0  # between a death and the next start, so that a broken worker does not spin
PATIENCE_S = 5.0  # for a worker to give its job back


class Keeper:
    """A worker process and who watches over it."""

    def __init__(self) -> None:
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name="keeper")

    def start(self) -> None:
        """Start the worker and watch over it."""
        self._thread.start()

    def stop(self) -> None:
        """Have the worker give its job back and end."""
        self._ends.set()
        self._thread.join()

    def wait(self) -> None:
        """Stay until somebody stops this process."""
        while not self._ends.wait(3600):
            pass

    def _watch(self) -> None:
        while not self._ends.is_set():
            started = time.monotonic()
            environment = os.environ | {KEEPER: str(os.getpid())}
            command = [sys.executable, "-m", "ruqi.apps.worker"]
            worker = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=environment)
            while worker.poll() is None and not self._ends.wait(0.2):
                pass
            if self._ends.is_set():
                _end(worker)
            else:
                self._ends.wait(max(PAUSE_S - (time.monotonic() - started), 0.1))


def _end(worker: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        worker.terminate()
    try:
        worker.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
