# shellcheck shell=bash
# Messages, recorded processes and bind mounts. Sourced by live.sh, which sets
# VERSION and that version's ROOT (chroot), RUN (pid files), LOGS and STAMPS.

# Exit statuses that callers can tell apart.
readonly EX_FAILED=1 EX_LACKING=3

say() { printf '[odoo %s] %s\n' "${VERSION:-live}" "$*" >&2; }

die() {
  say "failed: $*"
  exit "$EX_FAILED"
}

# Something this machine cannot give: no use in trying again here.
lacking() {
  say "cannot run a live Odoo on this machine: $*." \
    "Instead, point ODOO_URL, ODOO_DB, ODOO_USER and ODOO_PASSWORD at any other Odoo $VERSION."
  exit "$EX_LACKING"
}

show_log() {
  say "the last lines of $1:"
  tail -n 30 -- "$1" >&2 || true
}

# --- processes ---------------------------------------------------------------
# A pid file holds "PID STARTTIME". The start time tells our process from a
# later one that was given the same pid, so that nothing else is ever signalled.

# Start time of a live process; fails for a dead one or a zombie. Only what
# follows the last ')' is split: Odoo puts spaces in its process name.
start_time() {
  local stat fields
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  read -ra fields <<<"${stat##*) }"
  [[ ${fields[0]} != Z ]] && printf '%s' "${fields[19]}"
}

recorded_pid() {
  local pid start
  [[ -s $1 ]] && read -r pid start <"$1" && [[ $(start_time "$pid") == "$start" ]] &&
    printf '%s' "$pid"
}

alive() { recorded_pid "$1" >/dev/null; }

# The new process writes its own pid file before it becomes the command, so a
# kill of this script cannot leave an unrecorded one behind. It also closes all
# it inherited (our stdout, the lock, a caller's pipes), so that nobody waits
# for a server to end.
# shellcheck disable=SC2016
readonly DETACHED='
  for fd in /proc/$$/fd/*; do
    fd=${fd##*/}
    if ((fd > 2)); then eval "exec $fd>&-"; fi
  done
  echo "$$ $(cut -d" " -f22 "/proc/$$/stat")" >"$0"
  exec "$@"'

# launch PIDFILE LOG COMMAND...: in a session of its own, detached from us.
launch() {
  local pidfile=$1 log=$2
  shift 2
  rm -f "$pidfile"
  setsid bash -c "$DETACHED" "$pidfile" "$@" </dev/null >>"$log" 2>&1 &
  until [[ -s $pidfile ]] || ! start_time $! >/dev/null; do sleep 0.02; done
}

# Pids in the session that launch made with process PID; so they are ours alone.
# (Not its process group: apt puts dpkg in another.)
session_of() {
  local proc stat fields
  for proc in /proc/[0-9]*; do
    { read -r stat <"$proc/stat"; } 2>/dev/null || continue
    read -ra fields <<<"${stat##*) }"
    if [[ ${fields[3]} == "$1" && ${fields[0]} != Z ]]; then echo "${proc#/proc/}"; fi
  done
}

# stop PIDFILE TARGET SIGNAL SECONDS: TARGET is `process` or its whole `session`.
# What is left of the session after SECONDS is killed.
stop() {
  local pid targets signal=$3 until=$((SECONDS + $4))
  if pid=$(recorded_pid "$1"); then
    targets=$pid
    if [[ $2 == session ]]; then targets=$(session_of "$pid"); fi
    while [[ -n $targets ]]; do
      # shellcheck disable=SC2086
      kill "-$signal" $targets 2>/dev/null || true
      sleep 0.2
      targets=$(session_of "$pid")
      if ((SECONDS > until)); then signal=KILL; else signal=0; fi
    done
  fi
  rm -f "$1"
}

# A step (debootstrap, apt, database creation) that an earlier, killed run left
# behind, or that this run leaves because of a signal.
stop_step() { stop "$RUN/step.pid" session TERM 10; }

# step NAME COMMAND...: runs it with its output in LOGS/NAME.log and says every
# minute that it is still at it. Returns the command's status.
step() {
  local name=$1 pid began=$SECONDS next=60
  shift
  printf '\n=== %s: %s\n' "$(date -u +%FT%TZ)" "$*" >>"$LOGS/$name.log"
  launch "$RUN/step.pid" "$LOGS/$name.log" "$@"
  pid=$!
  while start_time "$pid" >/dev/null; do
    sleep 0.5 9>&- # without the lock, which would outlast a killed run
    if ((SECONDS - began >= next)); then
      say "  still at it ($name, $next s so far)"
      next=$((next + 60))
    fi
  done
  wait "$pid"
}

# retry NAME FUNCTION: three tries for what needs the network. What the log says
# tells a machine that cannot from any other failure.
retry() {
  local name=$1 log=$LOGS/$1.log try
  : >"$log"
  for try in 1 2 3; do
    if "$2"; then return 0; fi
    if ((try < 3)); then
      say "  $name failed (try $try of 3), once more in $((try * 10)) s"
      sleep $((try * 10)) 9>&-
    fi
  done
  show_log "$log"
  if grep -qiE 'noexec or nodev|operation not permitted' "$log"; then
    lacking "making a chroot in $LIVE is not permitted (see $log)"
  fi
  if grep -qiE 'could not resolve|temporary failure|could not connect|unable to connect|connection (timed out|refused)|failed getting release|network is unreachable|couldn.t download|failed to fetch' "$log"; then
    lacking "the Debian package registry cannot be reached (see $log; another mirror can be named in ODOO_LIVE_MIRROR)"
  fi
  die "$name, see $log"
}

# --- mounts ------------------------------------------------------------------

mounts_inside() {
  awk -v dir="$ROOT/" 'index($2, dir) == 1 { print $2 }' /proc/mounts | sort -r
}

mount_all() {
  local dir
  for dir in /proc /dev /dev/shm; do
    mkdir -p "$ROOT$dir"
    mountpoint -q "$ROOT$dir" || mount --bind "$dir" "$ROOT$dir" ||
      lacking "mounting $dir into a chroot is not permitted"
    # Where / is shared (systemd), what is mounted or unmounted inside would
    # otherwise happen to the machine's own /dev too.
    mount --make-private "$ROOT$dir"
  done
}

unmount_all() {
  local dir
  for dir in $(mounts_inside); do
    umount "$dir" 2>/dev/null || umount --lazy "$dir" || die "cannot unmount $dir"
  done
}

# Nothing is removed while anything is mounted inside: the chroot's /dev is the
# machine's own. --one-file-system is a second guard.
remove_tree() {
  unmount_all
  [[ -z $(mounts_inside) ]] || die "still mounted: $(mounts_inside | tr '\n' ' ')"
  rm -rf --one-file-system -- "$1"
}

# inhabitants [NAME]: pids of processes (of that name) whose / is the chroot.
inhabitants() {
  local proc name
  for proc in /proc/[0-9]*; do
    [[ $proc/root -ef $ROOT ]] || continue
    { read -r name <"$proc/comm"; } 2>/dev/null || continue
    if [[ $name == "${1:-$name}" ]]; then printf '%s ' "${proc#/proc/}"; fi
  done
}
