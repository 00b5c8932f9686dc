# $1 root, $2 the launch directory, $3 the release.
# The old link is kept beside the launch directory until the next release is prepared, ready to be moved back: on a full
# disk no new link could be created.
. ./relink.sh
[ -d "$3" ]
l=; if [ -L "$1/current" ]; then l=$(readlink "$1/current"); fi
if [ -n "$l" ] && [ "$l" != "$3" ]; then
  if [ -e "$2.was" ] || [ -L "$2.was" ]; then rm -rf "$2.was"; fi
  mkdir "$2.was"
  ln -s "$l" "$2.was/current"
fi
relink "$1" "$2" "$3"
