# $1 the directory to unpack into. BusyBox tar applies the umask to modes, and directories inherit the setgid bit: both
# would differ from the list.
umask 0
chmod g-s "$1"
cd "$1"
{ z=0; gzip -dc || z=$?; echo "$z" >gzip.status; } | tar -xpof -
read -r z <gzip.status
rm -f gzip.status
[ "$z" -eq 0 ]
