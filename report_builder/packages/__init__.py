"""Files that hold other files, opened with bounds: a bundle or an output folder, its manifest, and a Word file."""
