# shellcheck shell=bash
# A second Odoo 19, with routes that take keys: the OCA's auth_api_key, from PyPI,
# and addons/live_routes. Sourced by live.sh.
#
# It is a server of its own beside the other, on the same PostgreSQL: the database
# `apps` is what is pinned, and auth_api_key changes Odoo in the process that loads
# it. Its database is another role's, as Odoo lists those of its own role only:
# the other server goes on as one with a single database.

readonly ROUTES_MODULE='odoo-addon-auth-api-key==19.0.*'
readonly ROUTES_ADDONS=/var/lib/odoo/live/addons # inside the chroot

# up_routes: prints ODOO_ROUTES_URL=. What it lacks here is said, and is no failure:
# the tests of routes are then passed over.
up_routes() {
  SERVER=routes DATABASE=routes MODULES=live_routes DURATION='half a minute' OWNER=routes DEMO=()
  HTTP_PORT=182$VERSION GEVENT_PORT=183$VERSION
  OPTIONS=(--addons-path="/usr/lib/python3/dist-packages/odoo/addons,$ROUTES_ADDONS" --database=routes)
  if ! { database_complete && running; }; then
    lock
    check_port
    get_addons || return 0
    start_postgres
    sql postgres "do 'begin create role routes; exception when duplicate_object then null; end'"
    make_database
    start_odoo
  fi
  answer "ODOO_ROUTES_URL=http://127.0.0.1:$HTTP_PORT"
}

get_addons() {
  local target=$HOME_DIR/addons
  if [[ ! -d $target/odoo/addons/auth_api_key ]]; then
    say "getting auth_api_key: a few seconds"
    rm -rf -- "$target"
    if ! python3 -m pip install --quiet --no-deps --target "$target.new" "$ROUTES_MODULE" >"$LOGS/addons.log" 2>&1; then
      say "there is no server with routes of its own: pip cannot get $ROUTES_MODULE, see $LOGS/addons.log"
      return 1
    fi
    mv "$target.new" "$target"
  fi
  chroot "$ROOT" install -d -o odoo -g odoo -m 750 /var/lib/odoo /var/lib/odoo/live
  rm -rf -- "${ROOT:?}$ROUTES_ADDONS"
  mkdir -p "$ROOT$ROUTES_ADDONS"
  cp -R "$target/odoo/addons/auth_api_key" "$HERE/addons/live_routes" "$ROOT$ROUTES_ADDONS"
}
