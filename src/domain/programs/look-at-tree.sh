# $1 root. What is live, the names of the releases, and whether Capistrano left a link among them.
. ./names.sh
. ./read-current-back.sh
names releases "$1/releases"
if [ -L "$1/releases/current" ]; then text stale yes; fi
