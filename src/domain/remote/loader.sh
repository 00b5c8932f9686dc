# A program that waits for another one: it reads the other's length, as 8 characters, then the other in blocks, and runs
# it.
n=$(dd bs=1 count=8 2>/dev/null); n=${n##*x}; p=
while [ ${#p} -lt "${n:-1}" ]; do
  c=$(dd bs=$((${n:-1} - ${#p})) count=1 2>/dev/null; echo .)
  [ ${#c} -gt 1 ] || exit 97
  p=$p${c%.}
done
unset n c
eval "$p"
