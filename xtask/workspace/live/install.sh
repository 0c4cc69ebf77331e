# shellcheck shell=bash
# Makes the chroot with Odoo and PostgreSQL in it. Sourced by live.sh.

readonly PGDATA=/var/lib/postgresql/live # inside the chroot

check_machine() {
  local free_mb
  command -v debootstrap >/dev/null || command -v apt-get >/dev/null ||
    lacking "there is neither debootstrap nor apt-get to install it"
  # In a mount namespace of its own: leaves nothing behind.
  unshare --mount mount --bind /proc "$RUN" 2>/dev/null ||
    lacking "mounting is not permitted (a container without CAP_SYS_ADMIN?)"
  chroot / true 2>/dev/null || lacking "chroot is not permitted"
  free_mb=$(df --output=avail -m "$LIVE" | tail -n 1)
  ((free_mb > 4000)) || lacking "$LIVE has less than 4 GB free"
}

apt_get_debootstrap() {
  step debootstrap sh -c 'apt-get -q -o DPkg::Lock::Timeout=120 update;
    DEBIAN_FRONTEND=noninteractive exec apt-get -q -y -o DPkg::Lock::Timeout=120 --no-install-recommends install debootstrap'
}

# A half-made chroot cannot be gone on with: it is made anew.
bootstrap() {
  remove_tree "$ROOT"
  mkdir -p "$ROOT"
  step debootstrap env LC_ALL=C debootstrap --variant=minbase "$SUITE" "$ROOT" \
    ${ODOO_LIVE_MIRROR:+"$ODOO_LIVE_MIRROR"}
}

# Settings that must be there before any package is installed.
configure_chroot() {
  local mirror
  cp -L /etc/resolv.conf "$ROOT/etc/resolv.conf" || true # it may be another machine's by now
  printf '#!/bin/sh\nexit 101\n' >"$ROOT/usr/sbin/policy-rc.d" # start no service
  chmod 755 "$ROOT/usr/sbin/policy-rc.d"
  # The cluster is made by make_cluster, not by the package.
  mkdir -p "$ROOT/etc/postgresql-common/createcluster.d"
  echo 'create_main_cluster = false' >"$ROOT/etc/postgresql-common/createcluster.d/live.conf"
  # An old suite's Release file may be past its date.
  cat >"$ROOT/etc/apt/apt.conf.d/90live" <<'CONF'
Acquire::Check-Valid-Until "false";
Acquire::Check-Date "false";
Acquire::Languages "none";
APT::Install-Recommends "false";
Dpkg::Use-Pty "0";
DPkg::Lock::Timeout "120";
CONF
  cat >"$ROOT/etc/dpkg/dpkg.cfg.d/live" <<'CONF'
force-unsafe-io
path-exclude=/usr/share/doc/*
path-exclude=/usr/share/man/*
CONF
  if [[ -n $EXTRA_SUITE ]]; then
    # Only what the chroot's own suite does not have is taken from here.
    mirror=$(grep -rhoE 'https?://[^ ]+' "$ROOT"/etc/apt/sources.list* | head -n 1)
    echo "deb $mirror $EXTRA_SUITE main" >"$ROOT/etc/apt/sources.list.d/extra.list"
    printf 'Package: *\nPin: release a=%s\nPin-Priority: 100\n' "$EXTRA_SUITE" \
      >"$ROOT/etc/apt/preferences.d/extra"
  fi
}

# dpkg --configure goes on with what a killed run left half done.
apt_packages() {
  # shellcheck disable=SC2016
  step packages chroot "$ROOT" env LC_ALL=C DEBIAN_FRONTEND=noninteractive sh -ec '
    dpkg --configure -a
    apt-get -q update
    apt-get -q -y --fix-broken install
    apt-get -q -y install postgresql "$1"
    apt-get clean
    rm -rf /var/lib/apt/lists/*' sh "$PACKAGE"
}

# The bootstrap superuser is called odoo, so no role has to be made.
make_cluster() {
  rm -rf -- "${ROOT:?}$PGDATA"
  step cluster chroot "$ROOT" sh -ec '
    chown postgres: /var/lib/postgresql
    exec setpriv --reuid=postgres --regid=postgres --clear-groups \
      "$(echo /usr/lib/postgresql/*/bin/initdb)" -D "$1" -U odoo \
      --auth-local=peer --auth-host=reject --encoding=UTF8 --locale=C.UTF-8' sh "$PGDATA" ||
    { show_log "$LOGS/cluster.log"; die "making the PostgreSQL cluster"; }
  # Only test data lives here: speed before safety.
  cat >>"$ROOT$PGDATA/postgresql.conf" <<CONF
port = $PG_PORT
listen_addresses = ''
unix_socket_directories = '/run/postgresql'
ssl = off
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
shared_buffers = 256MB
jit = off
CONF
}

# Only on disk is a step really done: the machine may be switched off.
stamp() {
  sync
  touch "$STAMPS/$1"
}

ensure_installed() {
  if [[ -f $STAMPS/cluster ]]; then return 0; fi
  check_machine
  if ! command -v debootstrap >/dev/null; then
    say "installing debootstrap: under a minute"
    retry debootstrap apt_get_debootstrap
  fi
  if [[ ! -f $STAMPS/bootstrap ]]; then
    say "downloading a minimal Debian $SUITE: half a minute"
    retry debootstrap bootstrap
    stamp bootstrap
  fi
  mount_all
  if [[ ! -f $STAMPS/packages ]]; then
    say "installing $PACKAGE and PostgreSQL in it: 1-3 minutes"
    configure_chroot
    retry packages apt_packages
    stamp packages
  fi
  say "making the PostgreSQL cluster: a few seconds"
  make_cluster
  stamp cluster
}
