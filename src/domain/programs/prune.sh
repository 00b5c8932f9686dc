# $1 root, $2 state, then the releases that go.
. ./wipe.sh
r=$1; s=$2; z=0; shift 2
for i do
  if [ "$(readlink "$r/current")" = "$r/releases/$i" ] || [ "$r/releases/$i" -ef "$r/current" ]; then echo "$i is live"; exit 1; fi
  wipe "$r/releases/$i" "$s/manifests/$i.json" "$s/manifests/$i.files" "$s/manifests/$i.sha256" "$s/manifests/$i.rollback" || z=1
done
exit "$z"
