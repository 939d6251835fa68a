"""Units: the tree, a unit, reorganisation."""
