#!/bin/sh
# Rolls this tree back to an earlier release by hand, when nothing else can be reached.
#   rollback [--yes] [RELEASE]     default: the newest good release before the one that is live
# Run it as the user that deploys. It needs no network and reads only what lies beside it.
# Every deploy of Slipway writes this script again; the next run reads what was done here.
set -eu
LC_ALL=C
export LC_ALL

say() { printf '%s\n' "$*"; }
refuse() {
  printf 'refused: %s\n' "$*" >&2
  exit 1
}
is_release() {
  case $1 in *[!0-9]*) return 1 ;; esac
  [ "${#1}" -eq 14 ]
}

[ "$(id -u)" -ne 0 ] || refuse 'this runs as the user that deploys, never as root'
yes=no
wanted=
for word; do
  case $word in
    --yes) yes=yes ;;
    -*) refuse "usage: $0 [--yes] [RELEASE]" ;;
    *) wanted=$word ;;
  esac
done

state=$(cd "$(dirname "$0")" && pwd -P)
root=${state%/*}
user=$(id -un 2>/dev/null || id -u)
case $user in *[!A-Za-z0-9._-]*) user=unknown ;; esac
[ -w "$state" ] || refuse "$user may not write $state: run this as the user that deploys"
[ -L "$root/current" ] || refuse "$root/current is no link, so nothing is live here"

# The lock: a complete directory that is renamed into place, as every run takes it.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
group=0
began=0
if [ -r "/proc/$$/stat" ]; then
  group=$(sed 's/.*) //' "/proc/$$/stat" | cut -d ' ' -f 3)
  if [ -r "/proc/$group/stat" ]; then began=$(sed 's/.*) //' "/proc/$group/stat" | cut -d ' ' -f 20); fi
fi
ours() {
  line=
  { IFS= read -r line <"$state/lock/owner.json"; } 2>/dev/null || return 1
  case $line in *"\"token\":\"$token\""*) ;; *) return 1 ;; esac
}
give_back() {
  rm -rf "$state/lock.$token"
  if ours && mkdir "$state/gone.$token" && mv "$state/lock" "$state/gone.$token/"; then rm -rf "$state/gone.$token"; fi
}
trap give_back EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$state/lock.$token" "$state/lock.$token/lock"
printf '{"version":1,"token":"%s","job":"break-glass","actor":"%s","action":"break-glass","at":"%s","lease":3600,"group":"%s","started":"%s"}\n' \
  "$token" "$user" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$group" "$began" >"$state/lock.$token/lock/owner.json"
if ! mv "$state/lock.$token/lock" "$state/" 2>/dev/null; then
  say "the lock is held: $(cat "$state/lock/owner.json" 2>/dev/null)"
  refuse "if you know that its owner is dead, move $state/lock away and run this again"
fi
rmdir "$state/lock.$token"

link=$(readlink "$root/current")
live=${link##*/}
is_release "$live" || refuse "current leads to $link, which is no release"
[ "$(cd "$root/current" && pwd -P)" = "$(cd "$root/releases/$live" 2>/dev/null && pwd -P)" ] || refuse "current leads to $link, which is not in $root/releases"
case $link in /*) place=${link%/*} ;; *) place=$root/releases ;; esac

# What the records say of release $1, into $word: good, bad, open or unknown.
ask_records() {
  word=unknown
  if [ -f "$state/ledger.jsonl" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
      rest=${line#'{"at":"'}
      [ "$rest" != "$line" ] || continue
      rest=${rest#*'"'}
      event=${rest#",\"release\":\"$1\",\"event\":\""}
      [ "$event" != "$rest" ] || continue
      case $line in *'"server":'* | *'"once":'*) continue ;; esac
      case ${event%%'"'*} in
        healthy | adopted) word=good ;;
        failed | rolled_back | quarantined | pruned) word=bad ;;
        *) if [ "$word" = unknown ]; then word=open; fi ;;
      esac
    done <"$state/ledger.jsonl"
  fi
  logged=no
  if [ -f "$root/revisions.log" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in
        *" deployed as release $1 by "*) logged=published ;;
        *' rolled back to release '*)
          back=${line##* rolled back to release }
          if ! is_release "$back"; then continue; fi
          if [ "$back" = "$1" ]; then logged=published; elif [ "$logged" = published ] && [ "$1" -gt "$back" ]; then logged=withdrawn; fi
          ;;
      esac
    done <"$root/revisions.log"
  fi
  if [ "$logged" = withdrawn ]; then word=bad; elif [ "$word$logged" = unknownpublished ]; then word=good; fi
}

# Is release $1 on hold or in quarantine? What cannot be read counts as yes.
is_held() {
  for list in hold quarantine; do
    [ -e "$state/$list.json" ] || continue
    revision=
    if [ -f "$root/releases/$1/REVISION" ]; then IFS= read -r revision <"$root/releases/$1/REVISION" || :; fi
    case $revision in '' | *[!0-9a-f]*) return 0 ;; esac
    case $(cat "$state/$list.json" || :) in
      *"\"$revision\""*) return 0 ;;
      '{'*'"revisions"'*'['*']'*'}') ;;
      *) return 0 ;;
    esac
  done
  return 1
}

# Are the files of release $1 what they were when it was made?
is_whole() {
  list="$state/manifests/$1.sha256"
  if [ ! -f "$list" ]; then
    say "$1: no list of its files is kept, so they are not checked"
    return 0
  fi
  [ -s "$list" ] || return 0
  said=$(cd "$root/releases/$1" && sha256sum -c "$list" 2>&1) && return 0
  printf '%s\n' "$said" | sed '/: OK$/d' | sed -n 1,5p
  return 1
}

# May release $1 go live? If not, $why says why.
is_fit() {
  why=
  ask_records "$1"
  if [ ! -d "$root/releases/$1" ] || [ -L "$root/releases/$1" ]; then why='it is not there'
  elif [ "$word" = bad ]; then why='it failed, or was rolled back'
  elif [ "$word" != good ]; then why='it is not known to be good'
  elif is_held "$1"; then why='its revision is on hold or in quarantine'
  elif ! is_whole "$1"; then why='its files are not what they were'
  fi
  [ -z "$why" ]
}

to=
if [ -n "$wanted" ]; then
  is_release "$wanted" || refuse "$wanted is no release"
  [ "$wanted" != "$live" ] || refuse "$wanted is live already"
  is_fit "$wanted" || refuse "$wanted: $why"
  to=$wanted
else
  older=
  for path in "$root"/releases/*; do
    id=${path##*/}
    if is_release "$id" && [ "$id" -lt "$live" ]; then older="$id $older"; fi
  done
  for id in $older; do
    if is_fit "$id"; then
      to=$id
      break
    fi
    say "skipped $id: $why"
  done
  [ -n "$to" ] || refuse "there is no good release before $live"
fi

say "rolling back from $live to $to"
ours || refuse 'the lock was taken over; nothing was changed'
launch="$state/switch.$to"
rm -rf "$launch"
mkdir "$launch"
ln -s "$place/$to" "$launch/current"
mv -f "$launch/current" "$root/"
rmdir "$launch"
[ "$(readlink "$root/current")" = "$place/$to" ] || refuse "current does not lead to $place/$to"

append() {
  if [ -s "$1" ] && [ -n "$(tail -c 1 "$1")" ]; then echo >>"$1"; fi
  printf '%s\n' "$2" >>"$1"
}
append "$state/break-glass.log" "$(date -u +%Y-%m-%dT%H:%M:%SZ) $live $to $user"
append "$root/revisions.log" "$user rolled back to release $to"
say "$to is live"

hooks="$state/manifests/$to.rollback"
if [ ! -s "$hooks" ]; then
  say 'no hooks are kept that run when it goes live: restart what must be restarted by hand'
  exit 0
fi
say 'when it goes live, this runs:'
sed 's/^/  /' "$hooks"
if [ "$yes" = no ]; then
  printf 'run it now? [yes/no] '
  IFS= read -r yes || yes=no
fi
case $yes in
  y | yes) ;;
  *)
    say "not run; later: sh $hooks"
    exit 0
    ;;
esac
if ! sh "$hooks"; then
  say "a hook failed; $to stays live" >&2
  exit 1
fi
say 'its hooks have run'
