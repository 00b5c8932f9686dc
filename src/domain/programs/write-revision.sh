# $1 the release, $2 the revision, $3 its date in seconds since 1970.
. ./there.sh
cd "$1"
for p in REVISION REVISION_TIME; do if there "$p"; then rm -rf "$p"; fi; done
printf '%s\n' "$2" >REVISION
printf '%s\n' "$3" >REVISION_TIME
