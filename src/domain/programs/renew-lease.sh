# $1 the lock, $2 what our owner record contains. Fact `renewed`: `no` where it is not ours any more.
l=
IFS= read -r l <"$1/owner.json"
case $l in *"$2"*) touch "$1/owner.json" ;; *) text renewed no; exit 1 ;; esac
