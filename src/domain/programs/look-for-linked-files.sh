# $1 shared, then paths below it. Fact `unlinked`: those that are no files, one a line.
s=$1; shift; m=
for f do if [ ! -f "$s/$f" ]; then m="$m$f
"; fi; done
text unlinked "$m"
