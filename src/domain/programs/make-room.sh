# $1 state, $2 releases, $3 the directory to receive the release in, $4 minutes, then directories of dead runs.
# Capistrano's own stale link is only a link: it is removed, never followed. A lock that somebody is just making may
# stay, one that was given up $4 minutes ago goes. A resumed release that was not complete here is made anew.
. ./there.sh
. ./wipe.sh
s=$1; r=$2; n=$3; m=$4; shift 4
if [ -L "$r/current" ]; then rm -f "$r/current"; fi
for l do wipe "$l"; done
for l in "$s"/lock.*; do
  if [ -e "$l" ] && [ -n "$(find "$l" -prune -mmin "+$m" 2>/dev/null)" ]; then rm -rf "$l"; fi
done
l=$r/${n##*/}
c=${r%/*}/current
if there "$l" && [ "$(readlink "$c" 2>/dev/null)" != "$l" ] && ! [ "$l" -ef "$c" ]; then wipe "$l"; fi
for l in "$n" "$s"/switch.* "$s"/gone.* "$s"/broken.*; do if there "$l"; then wipe "$l"; fi; done
for l in incoming manifests failed; do if [ ! -d "$s/$l" ]; then mkdir "$s/$l"; fi; done
mkdir "$n"
