# Writes the integrity list of the release at $1 to $2, sorted, as `sha256sum` writes it; both are absolute paths. The
# words after them are patterns of `findPatterns` that are left out with all that is below them. Links are not listed.
set -eu
LC_ALL=C; export LC_ALL
o=$2; cd "$1"; shift 2; n=$#
while [ "$n" -gt 0 ]; do set -- "$@" -regex "$1" -o; shift; n=$((n - 1)); done
set -- '(' "$@" ! -path '*' ')' -prune -o
find . "$@" -name '*
*' -print >"$o.new"
if [ -s "$o.new" ]; then
  echo 'a name with a newline cannot be listed:'
  sed -n 1,5p "$o.new"
  rm -f "$o.new"
  exit 1
fi
find . "$@" -type f -exec sha256sum {} + >"$o.new"
sort -o "$o.new" "$o.new"
mv -f "$o.new" "$o"
