# $1 shared, $2 the release, $3 how many of the paths behind it are files; the others are directories.
# No directory in `shared` is created through another user's link. Every parent of a path that we write must be a real
# directory; what is at the path itself is removed without following it.
s=$1; t=$2; n=$3; shift 3
. ./untrusted-paths.sh
. ./there.sh
parent() { d=$2
  while case $d in */*) ;; *) false ;; esac; do
    d=${d%/*}
    if [ -L "$1/$d" ]; then echo "$d is a link in the release"; exit 1; fi
  done
  case $2 in */*) if [ ! -d "$1/${2%/*}" ]; then mkdir -p "$1/${2%/*}"; fi ;; esac; }
for p do
  if [ "$n" -gt 0 ]; then n=$((n - 1))
    if [ ! -f "$s/$p" ]; then echo "$p is missing in shared"; exit 1; fi
  else
    d=$p
    while case $d in */*) ;; *) false ;; esac; do
      d=${d%/*}
      if untrusted "$s/$d"; then echo "shared/$d is a link of somebody else's"; exit 1; fi
    done
    if [ ! -d "$s/$p" ]; then mkdir -p "$s/$p"; fi
  fi
  parent "$t" "$p"
  if there "$t/$p"; then rm -rf "${t:?}/$p"; fi
  ln -s "$s/$p" "$t/$p"
done
