# shellcheck disable=SC2154 # `_t` and `_w` are set by the program.
# What every program begins with. Names with `_` are reserved for the program itself; the texts of steps use others.
# `text KEY VALUE` reports a fact, `file KEY PATH` the content of a file: nothing, where it cannot be read or disappears
# meanwhile. `stays` gives processes that a step left running a second to close our output, and reports the step
# otherwise.
say() { printf '\n\036%s %s\n' "$_t" "$1"; }
text() { say "text $1"; printf '%s' "$2"; say close; }
file() { if [ -f "$2" ]; then say "text $1"; cat "$2" 2>/dev/null || :; say close; fi; }
origin() {
  _g=; _b=; _l=
  { IFS= read -r _l </proc/$$/stat; } 2>/dev/null
  # shellcheck disable=SC2086 # the fields, as words
  if [ -n "$_l" ]; then _l=${_l##*) }; set -- $_l; _g=$3; else _g=$(ps -o pgid= -p $$ 2>/dev/null | tr -d ' '); fi
  _l=
  { IFS= read -r _l <"/proc/$_g/stat"; } 2>/dev/null
  # shellcheck disable=SC2086 # the fields, as words
  if [ -n "$_l" ]; then _l=${_l##*) }; set -- $_l; _b=${20}; fi
  say "group ${_g:-0} ${_b:-0}"
}
go() {
  case $_f$3 in 0failed) return 1 ;; 0* | *always | *failed) ;; *) return 1 ;; esac
  if [ "$2" = changes ] && ! fence; then say "lost $1"; _f=98; return 1; fi
  say "step $1"
}
over() { say "end $1 $2"; [ "$2" -eq 0 ] || [ "$3" = note ] || [ "$_f" -ne 0 ] || _f=1; }
stays() {
  holders
  if [ "$_n" -gt "$_w" ]; then sleep 1; holders; fi
  [ "$_n" -le "$_w" ] || say "left $1"
}
holders() {
  _n=0
  for _p in /proc/[0-9]*/fd/1 /proc/[0-9]*/fd/2; do if [ "$_p" -ef /proc/$$/fd/1 ]; then _n=$((_n + 1)); fi; done
}
