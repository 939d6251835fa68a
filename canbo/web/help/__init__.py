"""Help where the work is: the officer's guide, the glossary behind the terms, the tour of the demonstration."""
