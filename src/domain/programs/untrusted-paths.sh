# untrusted PATH is true for a link that neither root nor this user has made. untrusted_paths ROOT prints those paths of
# a tree that another user could redirect, of `untrustedPaths` in domain/tree/untrusted-paths.ts. `.slipway` says which
# processes may be killed and what is on hold, so it must be a directory of this very user and never a link;
# revisions.log must be a file.
untrusted() { [ -L "$1" ] || return 1; case $(stat -c %u "$1") in 0|"$(id -u)") return 1 ;; esac; }
untrusted_paths() {
  if untrusted "$1"; then echo .; fi
  for n in releases shared revisions.log; do if untrusted "$1/$n"; then echo "$n"; fi; done
  if [ -e "$1/revisions.log" ] && [ ! -f "$1/revisions.log" ]; then echo revisions.log; fi
  if [ -L "$1/.slipway" ] || { [ -e "$1/.slipway" ] && [ ! -O "$1/.slipway" ]; }; then echo .slipway; fi
}
