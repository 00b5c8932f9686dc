# shellcheck disable=SC2154 # What begins with `_` is set by the program.
# `fence` checks that the lock is still ours. $_k the lock, $_h the owner record without its closing brace, $_o what the
# record contains while the lock is ours, $_c whether the group was written.
# The group is written from inside the directory that was checked: if another run takes the lock meanwhile, that is
# another directory. That it cannot be written, on a full disk, does not fail the fence: the steps that free the disk
# run under the same lock.
_c=
fence() {
  _l=
  { IFS= read -r _l <"$_k/owner.json"; } 2>/dev/null
  case $_l in *"$_o"*) ;; *) return 1 ;; esac
  [ -z "$_c" ] || return 0
  _c=1
  ( cd "$_k" && IFS= read -r _l <owner.json && case $_l in *"$_o"*) ;; *) false ;; esac || exit 1
    printf '%s,"group":"%s","started":"%s"}\n' "$_h" "$_g" "$_b" >owner.next && mv -f owner.next owner.json ||
      rm -f owner.next || : ) 2>/dev/null
}
