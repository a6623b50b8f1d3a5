"""Make the committed reference tables again from pinned packages, or check them."""
