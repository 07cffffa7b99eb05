"""Versioned measurement methods turn deliveries into facts."""
