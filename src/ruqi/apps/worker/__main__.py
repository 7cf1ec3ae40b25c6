"""`python -m ruqi.apps.worker`: one worker process, as `keep` starts it."""

from ruqi.apps.worker.loop import main

if __name__ == "__main__":
    main()
