# $1 command, $2 successes in a row, $3 interval, $4 time limit of a try, $5 deadline, in seconds. While every try
# succeeds the deadline does not end it, as in `evaluate`. Each try is printed, with the last 4 KiB of its output. The
# `timeout` of an old BusyBox takes other arguments; there a try has no limit of its own. Facts `status` and `health`.
one() { sh -euc "$1"; }
if timeout -k 1 1 true 2>/dev/null; then one() { timeout -k 1 "$2" sh -euc "$1"; }; fi
tries=0 row=0 bad=0
end=$(($(date +%s) + $5))
while :; do
  o=$({ one "$1" "$4" && r=0 || r=$?; printf '\n%s' "$r"; } 2>&1 | tail -c 4096)
  r=${o##*
}
  tries=$((tries + 1))
  if [ "$r" -eq 0 ]; then row=$((row + 1)); else row=0; bad=$r; fi
  printf 'try %s: exit %s\n%s\n' "$tries" "$r" "${o%
*}"
  [ "$row" -lt "$2" ] || break
  [ "$bad" -eq 0 ] || [ "$(date +%s)" -lt "$end" ] || break
  sleep "$3"
done
text status "$bad"
if [ "$row" -ge "$2" ]; then text health healthy; else text health unhealthy; fi
