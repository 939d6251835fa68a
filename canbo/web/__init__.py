"""The pages. Each area has its views and templates; it reads and writes through the modules below."""
