"""The endpoint: a front process that evaluates no foreign query, and workers that do nothing else."""
