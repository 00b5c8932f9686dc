# $1 root, $2 state, then the releases to delete.
. ./wipe.sh
. ./refuse-live.sh
r=$1; s=$2; z=0; shift 2
for i do
  refuse_live "$r" "$i"
  m=$s/manifests/$i
  wipe "$r/releases/$i" "$m.json" "$m.files" "$m.sha256" "$m.rollback" || z=1
done
exit "$z"
