"""The endpoint: a front that evaluates no foreign query, and workers that do nothing else."""
