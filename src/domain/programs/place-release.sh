# $1 state, $2 the directory it was received in, $3 the release, $4 releases, $5 its manifest, $6 the live release.
# Fact `changed`: the paths that differ from the live release. Where there is no live release, no list of its files, or
# more than 4 MiB of changed names, every file counts as changed: the fact is not reported.
s=$1; n=$2; i=$3; r=$4
if [ -n "$6" ] && [ -f "$s/manifests/$6.files" ]; then
  LC_ALL=C sort "$s/manifests/$6.files" "$n/hashes" | uniq -u | sed 's/^[0-9a-f]*  \.\///' >"$n/changed"
  if [ -n "$(find "$n/changed" -prune -size -8193)" ]; then file changed "$n/changed"; fi
fi
mv "$n/hashes" "$s/manifests/$i.files"
printf '%s' "$5" >"$s/manifests/$i.json"
mv "$n/tree" "$n/$i"
TZ=UTC0 touch -t 200001010000 "$n/$i"
mv "$n/$i" "$r/"
rm -rf "$n"
