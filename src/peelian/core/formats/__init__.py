"""How dates and numbers are read and written in forms, by language: as in British English, which our pages use
throughout. Without this a language for which Django has no formats would take the month first."""
