"""CanBo measures, checks and plans the quality of a province's public personnel."""
