# $1 state, $2 what the owner record holds (empty: no token), $3 the name of the lock. Fact `broken`: `yes` or `no`.
. ./remove-lock.sh
trap '' TERM
remove_lock "$1" "$2" "$3"
text broken "$gone"
