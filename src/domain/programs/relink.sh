# relink ROOT LAUNCH TARGET makes `current` a link to TARGET: created in another directory and moved over the old one in
# one rename.
relink() {
  if [ -e "$1/current" ] && [ ! -L "$1/current" ]; then echo 'current is not a link'; exit 1; fi
  if [ -e "$2" ] || [ -L "$2" ]; then rm -rf "$2"; fi
  mkdir "$2"
  ln -s "$3" "$2/current"
  mv -f "$2/current" "$1/"
  rmdir "$2"
}
