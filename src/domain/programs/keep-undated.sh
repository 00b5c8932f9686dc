# $1 the release. Capistrano chooses by this time.
TZ=UTC0 touch -t 200001010000 "$1"
