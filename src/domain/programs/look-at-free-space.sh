# $1 root, which need not be there yet. Facts `disk` and `inodes`, as `df` prints them.
d=$1
while [ ! -d "$d" ]; do d=$(dirname "$d"); done
say 'text disk'; df -Pk "$d" 2>/dev/null || :; say close
say 'text inodes'; df -Pi "$d" 2>/dev/null || :; say close
