# refuse_live ROOT RELEASE fails the step where the release is live, however the target of `current` is written.
refuse_live() {
  if [ "$(readlink "$1/current" 2>/dev/null)" = "$1/releases/$2" ] || [ "$1/releases/$2" -ef "$1/current" ]; then
    echo "$2 is live"
    exit 1
  fi
}
