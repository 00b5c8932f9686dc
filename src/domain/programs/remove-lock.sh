# remove_lock STATE OWNER NAME takes the lock away whose owner record holds OWNER (empty: one that names no token), if
# it still does; NAME is that of this lock. Sets `gone`.
# Between the look and the move nobody else may remove it, or the move would hit the lock of the next: who moves
# `gone.NAME` out of the lock may, or makes it where it is not there; the others let be. What a remover that died has
# left of that is in nobody's way after a minute, and so it is young when it is moved.
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
    # shellcheck disable=SC2034 # read by who called
    if [ "$it" = yes ] && [ -d "$1/lock" ] && mv "$1/lock" "$n/"; then gone=yes; fi
    rm -rf "$n"
  fi
}
