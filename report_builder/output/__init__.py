"""The output of a build: plan, folder, manifest of what made it, and the stamp that says whether it is up to date."""
