"""Named by DATABASES: Django finds `base.DatabaseWrapper` here."""
