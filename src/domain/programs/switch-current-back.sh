# $1 root, $2 the launch directory, $3 the release that it leaves, $4 the release that it goes to; empty: to what it
# was. `current` may lead to the release by another path, so the directories are compared as well.
. ./relink.sh
if [ "$(readlink "$1/current" 2>/dev/null)" != "$3" ] && ! [ "$3" -ef "$1/current" ]; then exit 0; fi
[ -z "$4" ] || [ -d "$4" ]
w=$(readlink "$2.was/current" 2>/dev/null) || w=
if [ -n "$w" ] && [ "$w" = "${4:-$w}" ]; then mv -f "$2.was/current" "$1/"
elif [ -n "$4" ]; then relink "$1" "$2" "$4"
else rm -f "$1/current"; fi
