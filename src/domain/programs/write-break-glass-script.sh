# $1 state, $2 the release, $3 what runs when it goes live, $4 the script.
s=$1
printf '%s' "$3" >"$s/manifests/$2.rollback"
printf '%s' "$4" >"$s/rollback.next"
chmod 700 "$s/rollback.next"
mv -f "$s/rollback.next" "$s/rollback"
