# untrusted PATH is true for a link that neither root nor this user has made. untrusted_paths ROOT prints those places
# of a tree that another user could redirect these paths: `untrustedPaths` of domain/tree/untrusted-paths.ts. `.slipway`
# holds who may be killed and what is held back, so it is a directory of this very user and never a link;
# revisions.log is a file.
untrusted() { [ -L "$1" ] || return 1; case $(stat -c %u "$1") in 0|"$(id -u)") return 1 ;; esac; }
untrusted_paths() {
  if untrusted "$1"; then echo .; fi
  for n in releases shared revisions.log; do if untrusted "$1/$n"; then echo "$n"; fi; done
  if [ -e "$1/revisions.log" ] && [ ! -f "$1/revisions.log" ]; then echo revisions.log; fi
  if [ -L "$1/.slipway" ] || { [ -e "$1/.slipway" ] && [ ! -O "$1/.slipway" ]; }; then echo .slipway; fi
}
