# $1 root, $2 state, $3 the release.
. ./wipe.sh
r=$1; s=$2; i=$3
if [ "$(readlink "$r/current" 2>/dev/null)" = "$r/releases/$i" ] || [ "$r/releases/$i" -ef "$r/current" ]; then echo "$i is live"; exit 1; fi
wipe "$s/incoming/$i" "$s/switch.$i" "$r/releases/$i" "$s/manifests/$i.json" "$s/manifests/$i.files" "$s/manifests/$i.sha256" "$s/manifests/$i.rollback"
