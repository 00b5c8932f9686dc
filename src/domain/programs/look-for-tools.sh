# $@ tools. Fact `missing`: those that are not there, divided by spaces.
m=
for t do if ! command -v "$t" >/dev/null 2>&1; then m="$m$t "; fi; done
text missing "$m"
