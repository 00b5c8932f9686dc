# remove_lock STATE OWNER NAME removes the lock if its owner record contains OWNER (empty: if it names no token); NAME
# identifies this lock. Sets `gone`.
# Two removers must not race, or the second would move away the next owner's lock between its check and its move.
# `gone.NAME` is the mutex: only who moved it out of the lock, or created it where it was missing, goes on. One that a
# dead remover left is removed after a minute; it is touched before the move so that it counts as new.
remove_lock() {
  n="$1/gone.$3"; gone=no
  if [ -e "$n" ] && [ -n "$(find "$n" -prune -mmin +1 2>/dev/null)" ] && mv "$n" "$1/broken.$$"; then
    rm -rf "$1/broken.$$"
  fi
  touch -c "$1/lock/gone.$3" 2>/dev/null || :
  if [ ! -e "$n" ] && { mv "$1/lock/gone.$3" "$1/" || mkdir "$n"; } 2>/dev/null; then
    l=; { IFS= read -r l <"$1/lock/owner.json"; } 2>/dev/null || :
    if [ -n "$2" ]; then case $l in *"$2"*) it=yes ;; *) it=no ;; esac
    else case $l in *'"token":"'*) it=no ;; *) it=yes ;; esac; fi
    # shellcheck disable=SC2034 # read by the caller
    if [ "$it" = yes ] && [ -d "$1/lock" ] && mv "$1/lock" "$n/"; then gone=yes; fi
    rm -rf "$n"
  fi
}
