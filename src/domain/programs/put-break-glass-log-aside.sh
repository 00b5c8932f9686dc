# $1 state.
s=$1
cat "$s/break-glass.log" >>"$s/break-glass.told"
rm -f "$s/break-glass.log"
