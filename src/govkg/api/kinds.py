"""The kinds of divisions, and their names in Chinese and English."""

from govkg.reference.kinds import column as labels

__all__ = ["labels"]
