"""Programs around CanBo that its users start through ``make``. Nothing in the package imports them."""
