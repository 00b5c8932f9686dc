# Makes the lists of the tree at $1 and compares them with the runner's `entries`, `hashes` and `links` in the directory
# $2; both are absolute paths. No line of one list can be one of another list, so the three are compared as one set.
# Prints at most 20 differences and ends with status 1 where there is any. Neither `comm` nor `cmp`: some BusyBox or
# small systems lack them.
set -eu
LC_ALL=C; export LC_ALL
l=$2; cd "$1"
find . -name '*
*' >"$l/here.odd" || :
if [ -s "$l/here.odd" ]; then echo 'not in the artefact: a name with a newline'; exit 1; fi
find . ! -path . -exec stat -c '%f %n' {} + >"$l/here.entries" || :
{ find . -type f ! -path '*\\*' -exec sha256sum {} + || :
  find . -type f -path '*\\*' -exec sh -c '
    for f do h=$(sha256sum <"$f") && printf "%s  %s\n" "${h%% *}" "$f"; done' sh {} + || :; } >"$l/here.hashes"
find . -type l >"$l/here.names" || :
if [ -s "$l/here.names" ]; then
  tr '\n' '\0' <"$l/here.names" | xargs -0 readlink >"$l/here.targets" 2>/dev/null ||
    while IFS= read -r n; do readlink "$n" || echo; done <"$l/here.names" >"$l/here.targets"
  paste "$l/here.names" "$l/here.targets" >"$l/here.links"
else : >"$l/here.links"; fi
sort -u "$l/here.entries" "$l/here.hashes" "$l/here.links" >"$l/here.found"
sort -u "$l/entries" "$l/hashes" "$l/links" >"$l/here.sent"
sort "$l/here.sent" "$l/here.found" | uniq -u >"$l/here.differences"
if [ -s "$l/here.differences" ]; then
  { sort "$l/here.sent" "$l/here.found" "$l/here.found" | uniq -u | sed 's/^/only in the artefact: /'
    sort "$l/here.sent" "$l/here.sent" "$l/here.found" | uniq -u | sed 's/^/only on the server: /'; } | sed -n 1,20p
  exit 1
fi
rm -f "$l"/here.*
