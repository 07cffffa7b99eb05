"""Charts: declared figures as Vega-Lite specifications, with their data and their text alternatives."""
