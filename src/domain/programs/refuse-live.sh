# refuse_live ROOT RELEASE ends the step where the release is live, by whatever spelling `current` leads to it.
refuse_live() {
  if [ "$(readlink "$1/current" 2>/dev/null)" = "$1/releases/$2" ] || [ "$1/releases/$2" -ef "$1/current" ]; then
    echo "$2 is live"
    exit 1
  fi
}
