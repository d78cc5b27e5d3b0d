"""What the way from files to report costs beside the usual way and the floor: `python -m benchmarks`."""
