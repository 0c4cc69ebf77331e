#!/usr/bin/env bash
# Real Odoo servers (14.0 and 19.0) from Debian's own packages, to test against.
#
#   live.sh up VERSION APPS     install what is missing, start, make the database;
#                               prints ODOO_URL= ODOO_DB= ODOO_USER= ODOO_PASSWORD=,
#                               for 19 also ODOO_ROUTES_URL= (see routes.sh)
#   live.sh down VERSION        stop Odoo and PostgreSQL
#   live.sh status VERSION      installed=, running=, databases=
#   live.sh shell VERSION       run the Python program on stdin in Odoo's shell, on
#                               the database apps of a server that is up
#   live.sh purge VERSION       down, and remove the chroot with its databases
#
# VERSION is 14 or 19; APPS is full (database apps) or small (database small).
# Exit status: 0 done, 3 this machine cannot do it, 2 wrong usage, 1 otherwise.
# Every command may be killed and run again.
#
# Everything lives under ODOO_LIVE_DIR (/var/lib/odoo-live). ODOO_LIVE_MIRROR
# names a Debian mirror other than debootstrap's default.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin # debootstrap and chroot; not in everybody's PATH

HERE=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=common.sh
source "$HERE/common.sh"
# shellcheck source=install.sh
source "$HERE/install.sh"
# shellcheck source=routes.sh
source "$HERE/routes.sh"

# Only answer() writes to the caller's stdout; whatever else is said is progress.
exec 3>&1 1>&2
answer() { printf '%s\n' "$@" >&3; }

usage() {
  sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
  exit 2
}

# --- what differs between the versions ----------------------------------------

use_version() {
  VERSION=$1
  case $VERSION in
    14)
      SUITE=bullseye EXTRA_SUITE='' GEVENT_OPTION=--longpolling-port
      DEMO=() # on by default
      ;;
    19)
      # Odoo 19 is in unstable only, whose Python it does not run on yet.
      SUITE=trixie EXTRA_SUITE=unstable GEVENT_OPTION=--gevent-port
      DEMO=(--with-demo)
      ;;
    *) usage ;;
  esac
  [[ $(uname -s) == Linux ]] || lacking "it is not Linux"
  PACKAGE=odoo-$VERSION
  HTTP_PORT=180$VERSION GEVENT_PORT=181$VERSION PG_PORT=154$VERSION
  # Another server has others.
  SERVER=odoo OWNER='' OPTIONS=()
  # Resolved, because /proc/mounts shows resolved paths.
  LIVE=$(realpath -m -- "${ODOO_LIVE_DIR:-/var/lib/odoo-live}")
  [[ $LIVE != *[[:space:]]* ]] || die "ODOO_LIVE_DIR must not contain spaces: $LIVE"
  HOME_DIR=$LIVE/$VERSION
  ROOT=$HOME_DIR/root RUN=$HOME_DIR/run LOGS=$HOME_DIR/log STAMPS=$HOME_DIR/stamps
}

use_apps() {
  case $1 in
    full)
      DATABASE=apps DURATION='2-5 minutes'
      MODULES=sale_management,purchase,stock,mrp,account,crm,project,hr,hr_holidays
      MODULES+=,hr_expense,point_of_sale,website_sale,fleet,maintenance,event,survey
      MODULES+=,mass_mailing,calendar,contacts,repair,hr_recruitment,im_livechat,lunch
      ;;
    small)
      DATABASE=small DURATION='about a minute'
      MODULES=sale_management,account,stock,contacts
      ;;
    *) usage ;;
  esac
}

# One run at a time for each version. The lock is outside of HOME_DIR, which
# purge removes, and is let go with the run, however that ends.
lock() {
  ((EUID == 0)) || lacking "this needs root (chroot and mounts)"
  mkdir -p "$LIVE"
  exec 9>"$LIVE/$VERSION.lock"
  if ! flock --nonblock 9; then
    say "waiting for another run of this script to end"
    flock 9
  fi
  mkdir -p "$RUN" "$LOGS" "$STAMPS"
  stop_step
  trap 'say "interrupted"; stop_step; exit 1' INT TERM HUP
}

# --- the servers ---------------------------------------------------------------

# inside USER COMMAND...: sets COMMAND_INSIDE to what runs it in the chroot.
inside() {
  local user=$1
  shift
  COMMAND_INSIDE=(chroot "$ROOT" setpriv "--reuid=$user" "--regid=$user" --clear-groups
    env -i PATH=/usr/bin:/bin HOME=/var/lib/odoo LANG=C.UTF-8 TZ=UTC PYTZ_SKIPEXISTSCHECK=1 "$@")
}

sql() { # sql DATABASE STATEMENT
  inside odoo psql -qAtX -v ON_ERROR_STOP=1 -p "$PG_PORT" -d "$1" -c "$2"
  "${COMMAND_INSIDE[@]}"
}

# POST /jsonrpc common.version, without needing curl.
# shellcheck disable=SC2016
answers() {
  timeout 30 bash -c '
    exec 4<>"/dev/tcp/127.0.0.1/$1"
    call="{\"jsonrpc\":\"2.0\",\"method\":\"call\",\"params\":{\"service\":\"common\",\"method\":\"version\",\"args\":[]}}"
    printf "POST /jsonrpc HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" "${#call}" "$call" >&4
    grep -q server_version <&4' bash "$HTTP_PORT" 2>/dev/null
}

running() { alive "$RUN/postgres.pid" && alive "$RUN/$SERVER.pid" && answers; }

# wait_for NAME COMMAND...: until the command succeeds, two minutes at most.
wait_for() {
  local name=$1 log=$LOGS/$1.log until=$((SECONDS + 120))
  shift
  until "$@" >/dev/null 2>&1; do
    if ! alive "$RUN/$name.pid" || ((SECONDS > until)); then
      show_log "$log"
      die "$name does not answer, see $log ('purge $VERSION' and 'up' make everything anew)"
    fi
    sleep 0.3
  done
}

start_postgres() {
  local i
  if alive "$RUN/postgres.pid"; then return 0; fi
  say "starting PostgreSQL: a few seconds"
  # Children of one that was killed end soon. Then its lock files are stale, also
  # where the pid in them is another process's by now.
  for ((i = 0; i < 50; i++)); do
    [[ -n $(inhabitants postgres) ]] || break
    sleep 0.2
  done
  [[ -z $(inhabitants postgres) ]] || die "another PostgreSQL runs in $ROOT: $(inhabitants postgres)"
  rm -f "$ROOT$PGDATA/postmaster.pid" "$ROOT"/run/postgresql/.s.PGSQL.*
  chroot "$ROOT" install -d -o postgres -g postgres -m 2775 /run/postgresql
  inside postgres sh -c "exec /usr/lib/postgresql/*/bin/postgres -D $PGDATA"
  launch "$RUN/postgres.pid" "$LOGS/postgres.log" "${COMMAND_INSIDE[@]}"
  wait_for postgres sql postgres 'select 1'
}

# odoo OPTION...: sets COMMAND_INSIDE to an Odoo with the options that all have.
odoo() {
  inside odoo odoo --db_port="$PG_PORT" --data-dir=/var/lib/odoo/live --log-level=warn \
    --max-cron-threads=0 --limit-time-real=600 --limit-time-cpu=1200 \
    --limit-memory-soft=4294967296 --limit-memory-hard=5368709120 "${OPTIONS[@]}" "$@"
}

stop_odoo() { stop "$RUN/$SERVER.pid" process TERM 20; }

# The workers of an Odoo that was killed outlive it by some seconds.
check_port() {
  if alive "$RUN/$SERVER.pid" || ! answers; then return 0; fi
  sleep 10 9>&-
  if answers; then die "port $HTTP_PORT is taken by a server that this script did not start"; fi
}

start_odoo() {
  if ! alive "$RUN/$SERVER.pid"; then
    say "starting Odoo ($SERVER): about 5 seconds"
    odoo --http-interface=127.0.0.1 --http-port="$HTTP_PORT" \
      "$GEVENT_OPTION=$GEVENT_PORT" --workers=2
    launch "$RUN/$SERVER.pid" "$LOGS/$SERVER.log" "${COMMAND_INSIDE[@]}"
  fi
  wait_for "$SERVER" answers # one that is up may be busy for a while
}

# --- the databases ---------------------------------------------------------------

# The stamp holds the list of apps: another list means another database.
database_complete() {
  [[ -f $STAMPS/db-$DATABASE && $(<"$STAMPS/db-$DATABASE") == "$MODULES" ]]
}

make_database() {
  local log=$LOGS/db-$DATABASE.log wanted installed
  if database_complete; then return 0; fi
  rm -f "$STAMPS/db-$DATABASE"
  if [[ -n $(sql postgres "select 1 from pg_database where datname = '$DATABASE'") ]]; then
    say "dropping database $DATABASE, whose creation was interrupted"
    # A running server may have loaded what is half made.
    stop_odoo
    sql postgres "drop database $DATABASE with (force)"
  fi
  chroot "$ROOT" rm -rf "/var/lib/odoo/live/filestore/$DATABASE"
  chroot "$ROOT" install -d -o odoo -g odoo -m 750 /var/lib/odoo /var/lib/odoo/live
  if [[ -n $OWNER ]]; then sql postgres "create database $DATABASE owner $OWNER template template0"; fi
  say "creating database $DATABASE: $DURATION"
  odoo -d "$DATABASE" -i "$MODULES" "${DEMO[@]}" --no-http --stop-after-init
  : >"$log"
  step "db-$DATABASE" "${COMMAND_INSIDE[@]}" || { show_log "$log"; die "creating $DATABASE, see $log"; }
  # Odoo only warns about a module that it does not know.
  wanted=$(tr ',' '\n' <<<"$MODULES" | wc -l)
  installed=$(sql "$DATABASE" "select count(*) from ir_module_module
    where state = 'installed' and name = any(string_to_array('$MODULES', ','))")
  [[ $installed == "$wanted" ]] || {
    show_log "$log"
    die "$installed of $wanted apps are installed in $DATABASE, see $log"
  }
  # fsync is off: only now is it sure to outlast the machine's being switched off.
  sql postgres checkpoint
  sync
  printf '%s' "$MODULES" >"$STAMPS/db-$DATABASE.new"
  mv "$STAMPS/db-$DATABASE.new" "$STAMPS/db-$DATABASE"
}

# --- the commands ----------------------------------------------------------------

up() {
  # Without the lock: a server that is up need not wait for another database.
  if ! { database_complete && running; }; then
    lock
    check_port
    ensure_installed
    mount_all
    start_postgres
    make_database
    start_odoo
  fi
  answer "ODOO_URL=http://127.0.0.1:$HTTP_PORT" "ODOO_DB=$DATABASE" \
    ODOO_USER=admin ODOO_PASSWORD=admin
  if [[ $VERSION == 19 ]]; then up_routes; fi
}

down() {
  lock
  stop_odoo
  stop "$RUN/routes.pid" process TERM 20
  stop "$RUN/postgres.pid" process INT 30
  unmount_all
}

status() {
  local installed=no running=no databases stamp
  if [[ -f $STAMPS/cluster ]]; then installed=yes; fi
  if running; then running=yes; fi
  databases=$(for stamp in "$STAMPS"/db-*; do
    if [[ -f $stamp && $stamp != *.new ]]; then echo "${stamp##*/db-}"; fi
  done | paste -sd,)
  answer "installed=$installed" "running=$running" "databases=$databases"
}

shell() {
  running || die "it is not up: cargo xtask live up $VERSION"
  inside odoo odoo shell --db_port="$PG_PORT" --data-dir=/var/lib/odoo/live --log-level=warn --no-http -d apps
  "${COMMAND_INSIDE[@]}" >&3
}

purge() {
  down
  [[ -z $(inhabitants) ]] || die "processes still run in $ROOT: $(inhabitants)"
  # First of all the stamps: what is half removed is then known as such.
  rm -rf -- "$STAMPS"
  remove_tree "$HOME_DIR"
}

case "$#:${1:-}" in
  3:up)
    use_version "$2"
    use_apps "$3"
    up
    ;;
  2:down | 2:status | 2:shell | 2:purge)
    use_version "$2"
    "$1"
    ;;
  *) usage ;;
esac
