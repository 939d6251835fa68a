"""Results as terminal table, HTML, Excel and Word. Measures nothing."""
