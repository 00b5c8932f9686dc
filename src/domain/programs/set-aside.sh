# $1 root, $2 state, $3 the release, $4 how many of those that were set aside are kept.
# An older failed release that cannot be deleted does not fail the step.
. ./wipe.sh
. ./refuse-live.sh
r=$1; s=$2; i=$3; k=$4
refuse_live "$r" "$i"
rm -rf "$s/incoming/$i" "$s/switch.$i" "$s/switch.$i.was"
if [ -d "$r/releases/$i" ]; then mkdir -p "$s/failed"; wipe "$s/failed/$i"; mv "$r/releases/$i" "$s/failed/"; fi
# shellcheck disable=SC2012 # names of other forms are not touched
ls "$s/failed" | sed -n '/^[0-9]\{14\}$/p' | sort -r | tail -n "+$((k + 1))" |
  while IFS= read -r o; do wipe "$s/failed/$o" || :; done
