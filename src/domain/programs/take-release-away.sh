# $1 root, $2 state, $3 the release.
. ./wipe.sh
. ./refuse-live.sh
r=$1; s=$2; i=$3
refuse_live "$r" "$i"
m=$s/manifests/$i
wipe "$s/incoming/$i" "$s/switch.$i" "$r/releases/$i" "$m.json" "$m.files" "$m.sha256" "$m.rollback"
