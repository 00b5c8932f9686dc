# shellcheck disable=SC2154 # `_g` and `_b` are set by remote/vocabulary.sh.
# $1 root, $2 state, $3 our token, $4 the owner record without its closing brace. Fact `taken`: `yes`, `no` or
# `refused`. `mv DIR/lock STATE/` is rename(2): it fails where a lock exists, because that directory is not empty. It is
# tried again where the lock that it found was released before it could be read.
# The lock contains a directory gone.TOKEN, which is moved out to remove the lock: if the disk is full by then, no new
# directory could be made.
r=$1; s=$2; n="$2/lock.$3.$$"
. ./untrusted-paths.sh
. ./report-lock.sh
f=$(untrusted_paths "$r")
# shellcheck disable=SC2086 # names without spaces, on one line
if [ -n "$f" ]; then echo "below $r, another user could redirect these paths:" $f; text taken refused; exit 74; fi
# shellcheck disable=SC2015 # any of them may fail
{ [ -d "$r" ] || mkdir -p "$r"; } &&
  { { [ -d "$r/releases" ] && [ -d "$r/shared" ]; } || mkdir -p "$r/releases" "$r/shared"; } &&
  { [ -d "$s" ] || mkdir -m 700 "$s"; } &&
  mkdir -p "$n/lock/gone.$3/it" &&
  printf '%s,"group":"%s","started":"%s"}\n' "$4" "$_g" "$_b" >"$n/lock/owner.json" ||
  { rm -rf "$n" || :; text taken refused; exit 74; }
t=5
until mv "$n/lock" "$s/" 2>/dev/null; do
  t=$((t - 1))
  if [ -d "$s/lock" ]; then t=-1; fi
  [ "$t" -gt 0 ] || break
done
rm -rf "$n"
if [ "$t" -gt 0 ]; then text taken yes
elif [ "$t" -eq 0 ]; then text taken refused; exit 74
else
  text taken no
  report_lock "$s"
  exit 75
fi
