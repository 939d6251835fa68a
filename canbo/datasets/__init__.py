"""The published datasets: dictionary, reading, checking, deriving, writing. Measures nothing."""
