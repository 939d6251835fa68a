"""Dated legal parameters with their source. The law's figures are data in definitions/norms; no rule of a step here."""
