# shellcheck disable=SC2154 # `_g` and `_b` are set by remote/vocabulary.sh.
# $1 the process group, $2 when its leader began, $3 and $4 how many tenths of a second it gets after TERM and after
# KILL. Fact `gone`: `yes` or `no`.
# /proc/PID/stat has, after the name in brackets: state, parent, group, session, … and as 20th field the start time.
# sshd starts a session for each exec, with the id of the group. The group is not ours where the leader is another
# process, or where a member is older than our leader was.
g=$1; b=$2; t=$3; k=$4; here=$_g
case $g in ''|*[!0-9]*|0*|1) text gone no; exit 64 ;; esac
if [ "$g" = "$here" ]; then text gone no; exit 64; fi
case $b in ''|*[!0-9]*) b=0 ;; esac
set -f
fields() { l=; { IFS= read -r l <"/proc/$1/stat"; } 2>/dev/null || return 1; l=${l##*) }; }
members() {
  n=0; older=0; strays=
  set +f; set -- /proc/[0-9]*; set -f
  for p do
    fields "${p#/proc/}" || continue
    s=$l
    # shellcheck disable=SC2086 # the fields, as words
    set -- $s
    case $1 in Z) continue ;; esac
    if [ "${3:-}" != "$g" ]; then
      [ "${4:-}" = "$g" ] || continue
      strays="$strays ${p#/proc/}"
    fi
    n=$((n + 1))
    [ "${20:-0}" -ge "$b" ] || older=1
  done
}
tell() {
  kill -s "$1" -- "-$g" 2>/dev/null || :
  # shellcheck disable=SC2086 # process ids
  [ -z "$strays" ] || kill -s "$1" $strays 2>/dev/null || :
}
alive() {
  strays=
  if [ ! -r /proc/self/stat ]; then kill -s 0 -- "-$g" 2>/dev/null; return; fi
  # shellcheck disable=SC2086 # the fields, as words
  if [ "$b" != 0 ] && fields "$g"; then set -- $l; [ "${20:-0}" = "$b" ] || return 1; fi
  members
  [ "$n" -gt 0 ] && [ "$older" -eq 0 ]
}
leave() {
  i=0
  while [ "$i" -lt "$1" ]; do
    alive || return 0
    if sleep 0.1 2>/dev/null; then i=$((i + 1)); else sleep 1; i=$((i + 10)); fi
  done
  ! alive
}
if alive; then
  tell TERM
  if ! leave "$t" && alive; then tell KILL; leave "$k" || :; fi
fi
if alive; then text gone no; exit 1; fi
text gone yes
