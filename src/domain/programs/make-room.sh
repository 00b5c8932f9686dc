# $1 state, $2 releases, $3 the directory to receive the release in, $4 minutes, then directories of dead runs.
# Capistrano's stale `releases/current` is removed, never followed. Half-made locks are removed when they are $4 minutes
# old: a younger one may be in the making. A resumed release that is incomplete here is made again.
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
