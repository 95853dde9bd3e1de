#!/bin/sh
# The README has more than a heading.
[ "$(wc -l < README.md)" -gt 2 ]
