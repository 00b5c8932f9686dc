# $1 root. Facts `current` and `revision`: the truth that a run's result is made of.
# A link is told as `link DEPLOY_TO/releases/NAME` where it leads to one of the releases, however it is spelled; a
# dangling one leads elsewhere.
if [ -L "$1/current" ]; then
  l=$(readlink "$1/current"); l=${l%/}
  i=$1/releases/${l##*/}
  if [ "$i" -ef "$1/current" ]; then text current "link $i"; else text current "elsewhere $l"; fi
elif [ -e "$1/current" ]; then text current other
else text current none; fi
if [ -f "$1/current/REVISION" ]; then text revision "$(dd if="$1/current/REVISION" bs=100 count=1 2>/dev/null)"; fi
