# names KEY DIR reports the names in a directory, as `ls` does, but without a process of its own.
names() {
  if [ ! -d "$2" ]; then return 0; fi
  say "text $1"
  for e in "$2"/*; do if [ -e "$e" ] || [ -L "$e" ]; then printf '%s\n' "${e##*/}"; fi; done
  say close
}
