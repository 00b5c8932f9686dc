# report_lock STATE reports the lock and its owner. A lock that another user could have written is ignored, because its
# owner record says which processes to kill.
report_lock() {
  if [ -d "$1/lock" ] && [ ! -L "$1" ] && [ -O "$1" ]; then
    text lock present
    file owner "$1/lock/owner.json"
    text lockage "$(($(date +%s) - $(stat -c %Y "$1/lock/owner.json" 2>/dev/null || date +%s)))"
  fi
}
