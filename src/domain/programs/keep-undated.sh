# $1 the release. Capistrano orders releases by this time, so an undated release is never its newest.
TZ=UTC0 touch -t 200001010000 "$1"
