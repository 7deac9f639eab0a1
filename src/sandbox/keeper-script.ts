/**
 * The keeper, in POSIX shell; `$1` is the grace in tenths of a second. Lines on stdin: `+PID` a group, `-PID` it is over,
 * `!` end all. End of file: the worker and every starting step are gone, so that no registration can be missing.
 *
 * Numbers 0 and 1 are refused: `kill -- -1` would mean every process there is. A number may have been used again since
 * its group ended: the leader's start time, where there is a /proc, tells a stranger; a group whose leader is gone is
 * ours, since the kernel gives no number away while a group bears it.
 */
export const KEEPER_SCRIPT = `
trap '' HUP INT QUIT TERM PIPE
grace=$1
groups=' '

born() {
  start='' stat='' line=''
  while IFS= read -r line || [ -n "$line" ]; do stat="$stat$line "; done <"/proc/$1/stat" || return 0
  set -f
  set -- \${stat##*) }
  set +f
  [ $# -lt 20 ] || start=\${20}
}

is_ours() {
  born "$1"
  [ -z "$start" ] || [ "$start" = "$2" ]
}

signal_all() {
  some=1
  for entry in $groups; do
    is_ours "\${entry%%:*}" "\${entry#*:}" && kill "-$1" "-\${entry%%:*}" && some=0
  done
  return $some
}

end_all() {
  signal_all TERM || return 0
  tenths=0
  while [ "$tenths" -lt "$grace" ] && signal_all 0; do
    sleep 0.1 || sleep 1
    tenths=$((tenths + 1))
  done
  signal_all KILL
}

forget() {
  case $groups in
    *" $1:"*) rest=\${groups#*" $1:"}; groups="\${groups%%" $1:"*} \${rest#* }" ;;
  esac
}

while IFS= read -r message; do
  id=\${message#?}
  case $message in
    '!') end_all ;;
    *[!0-9+-]* | ? | ?0* | ?1 | ??*[+-]*) ;;
    +*) born "$id"; forget "$id"; groups="$groups$id:$start " ;;
    -*) forget "$id" ;;
  esac
done
end_all
`;
