"""What libhxl 5 says of a table: its tags, then each complaint of its default schema.

    python check.py TABLE.csv

Ends with 1 if there is a complaint or no row.
"""

import sys

import hxl

LOCAL = hxl.InputOptions(allow_local=True)
complaints = []


def told(error):
    cell = getattr(error, "value", None)
    complaints.append(f"COMPLAINT {error.rule.tag_pattern} {error.message} {cell}")


source = hxl.data(sys.argv[1], LOCAL)
print(" ".join(source.display_tags))
rows = list(source)
hxl.schema(callback=told).validate(hxl.data(sys.argv[1], LOCAL))
print(len(rows), "rows")
print("\n".join(complaints))
sys.exit(1 if complaints or not rows else 0)
