# names KEY DIR reports the names in a directory, like `ls`, but without starting a process.
names() {
  if [ ! -d "$2" ]; then return 0; fi
  say "text $1"
  for e in "$2"/*; do if [ -e "$e" ] || [ -L "$e" ]; then printf '%s\n' "${e##*/}"; fi; done
  say close
}
