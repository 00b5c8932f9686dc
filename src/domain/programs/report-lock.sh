# report_lock STATE says who holds the lock. One that somebody else could have written is none: it says whom to kill.
report_lock() {
  if [ -d "$1/lock" ] && [ ! -L "$1" ] && [ -O "$1" ]; then
    text lock present
    file owner "$1/lock/owner.json"
    text lockage "$(($(date +%s) - $(stat -c %Y "$1/lock/owner.json" 2>/dev/null || date +%s)))"
  fi
}
