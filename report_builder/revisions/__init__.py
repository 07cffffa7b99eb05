"""What changed between two versions of a report, in which layer, and why. It reads documents and facts, never a PDF."""
