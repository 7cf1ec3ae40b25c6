"""Files in, files out: manifests, tapes, policies and the folder of a run."""
