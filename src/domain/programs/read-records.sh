# $1 root, $2 state, $3 bytes of the ledger and $4 bytes of each log that are read, the newest.
# Facts `ledger`, `hold`, `quarantine`, `byhand`, `incoming`, `failed`, `manifest`, `unfinished` and `log`.
. ./names.sh
if [ -f "$2/ledger.jsonl" ]; then say 'text ledger'; tail -c "$3" "$2/ledger.jsonl"; say close; fi
file hold "$2/hold.json"
file quarantine "$2/quarantine.json"
if [ -f "$2/break-glass.log" ]; then say 'text byhand'; tail -c "$4" "$2/break-glass.log"; say close; fi
names incoming "$2/incoming"
names failed "$2/failed"
n=; l=
if [ -L "$1/current" ]; then l=$(readlink "$1/current"); file manifest "$2/manifests/${l##*/}.json"; fi
for d in "$1"/releases/[0-9]*; do case ${d##*/} in *[!0-9]*) ;; *) n=${d##*/} ;; esac; done
if [ -n "$n" ] && [ "$l" != "$1/releases/$n" ]; then file unfinished "$2/manifests/$n.json"; fi
if [ -f "$1/revisions.log" ]; then say 'text log'; tail -c "$4" "$1/revisions.log"; say close; fi
