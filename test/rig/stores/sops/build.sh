#!/usr/bin/env bash
# Builds sops and age for the tests into a cache outside the tree, unless they are there: about two minutes. Needs Go 1.25 or newer.
set -euo pipefail

sops=3.13.3 age=1.3.2
place=${XDG_CACHE_HOME:-$HOME/.cache}/slipway-parts/sops-$sops-age-$age
[ ! -x "$place/sops" ] || exit 0
command -v go >/dev/null || { echo 'go is missing: install Go 1.25 or newer'; exit 1; }

mkdir -p "$place"
export GOBIN=$place.$$ CGO_ENABLED=0
go install -trimpath "github.com/getsops/sops/v3/cmd/sops@v$sops"
go install -trimpath "filippo.io/age/cmd/age-keygen@v$age"
# sops comes last: what is there is whole.
mv "$GOBIN/age-keygen" "$place/"
mv "$GOBIN/sops" "$place/"
rmdir "$GOBIN"
