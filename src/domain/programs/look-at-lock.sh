# $1 state. Facts `lock`, `owner` and `lockage`.
. ./report-lock.sh
report_lock "$1"
