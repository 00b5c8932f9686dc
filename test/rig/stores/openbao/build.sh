#!/usr/bin/env bash
# Builds OpenBao for the tests into a cache outside the tree, unless it is there: about five minutes. Needs Go 1.25 or newer.
set -euo pipefail
cd "$(dirname "$0")"

hash=$(sha256sum go.sum)
place=${XDG_CACHE_HOME:-$HOME/.cache}/slipway-parts/openbao-${hash:0:16}
[ ! -x "$place/bao" ] || exit 0
command -v go >/dev/null || { echo 'go is missing: install Go 1.25 or newer'; exit 1; }

mkdir -p "$place"
# The version is the one flag without which OpenBao does not know what it is.
CGO_ENABLED=0 go build -mod=readonly -trimpath -ldflags '-s -w -X github.com/openbao/openbao/version.fullVersion=2.4.0' \
  -o "$place/bao.$$" .
mv "$place/bao.$$" "$place/bao"
