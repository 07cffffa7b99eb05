"""What leaves the house: an output folder that is whole or not there, and the manifest of what made it."""
