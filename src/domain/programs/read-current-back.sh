# The truth check. $1 root. Facts `current` and `revision`, from which the result of a run is derived.
# Reports `link DEPLOY_TO/releases/NAME` where the link leads to one of the releases, however its target is written; a
# dangling link is `elsewhere`.
if [ -L "$1/current" ]; then
  l=$(readlink "$1/current"); l=${l%/}
  i=$1/releases/${l##*/}
  if [ "$i" -ef "$1/current" ]; then text current "link $i"; else text current "elsewhere $l"; fi
elif [ -e "$1/current" ]; then text current other
else text current none; fi
if [ -f "$1/current/REVISION" ]; then text revision "$(dd if="$1/current/REVISION" bs=100 count=1 2>/dev/null)"; fi
