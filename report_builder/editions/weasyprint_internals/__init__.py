"""The inside of WeasyPrint and pydyf, as far as the PDF edition uses it: this room, and no other, depends on it.

Everything here was written for one version of each library and is refused by any other. What is replaced is replaced
for as long as it is needed and then put back. ``docs/upgrading-weasyprint.md`` names every use, its reason, and the
test that shows that it still holds.
"""
