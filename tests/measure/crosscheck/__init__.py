"""Every computed indicator of the library beside an independent count, written by hand. No engine code is used to count."""
