# $1 root. Facts `untrusted`, `now`, `user` and `writable`. Leases and probes use the server's clock, so a `date` that
# does not print the time is detected here.
. ./untrusted-paths.sh
text untrusted "$(untrusted_paths "$1")"
n=$(date +%s)
case $n in ''|*[!0-9]*) echo 'date +%s tells no time'; exit 1 ;; esac
text now "$n"
text user "$(id -un)"
d=$1
while [ ! -d "$d" ]; do d=$(dirname "$d"); done
if [ -w "$d" ]; then text writable yes; else text writable no; fi
