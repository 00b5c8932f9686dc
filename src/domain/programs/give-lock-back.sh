# $1 state, $2 what our owner record holds, $3 our token.
# Ignores TERM, because a lock that is only half released is worse than a cancel that waits. Also removes what is left
# of a lock that was never taken, or only half released.
. ./remove-lock.sh
trap '' TERM
t=0
for l in "$1/lock.$3".*; do if [ -e "$l" ]; then rm -rf "$l"; fi; done
while :; do
  l=; { IFS= read -r l <"$1/lock/owner.json"; } 2>/dev/null || :
  case $l in *"$2"*) ;; *) rm -rf "$1/gone.$3"; exit 0 ;; esac
  remove_lock "$1" "$2" "$3"
  if [ "$gone" = yes ]; then exit 0; fi
  t=$((t + 1))
  if [ "$t" -ge 3 ]; then echo 'the lock cannot be moved away'; exit 1; fi
  sleep 1
done
