"""Writers of networks: one module a format, each a function from a network to a stream.

`save` writes the files of a format whole or not at all, and a manifest beside them that says what
they hold and where it is from.
"""

from govkg.exports.files import WRITERS, Saved, save, write
from govkg.exports.presentation import Style

__all__ = ["WRITERS", "Saved", "Style", "save", "write"]
