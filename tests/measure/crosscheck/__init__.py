"""Every computed indicator of the library beside an independent count written by hand, without engine code."""
