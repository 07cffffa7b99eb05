"""A delivery: metric files that met their contract, and the remarks on them that the release accepted."""
