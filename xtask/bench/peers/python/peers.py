"""One client in Python, by name. `peers.py CLIENT TASK COUNT WORKERS` does a task once and says what it took."""

import json
import os
import resource
import sys
import threading
import time
from urllib.parse import urlsplit

PAGE = 1000
URL, DB, USER, PASSWORD = (os.environ[f"ODOO_{name}"] for name in ("URL", "DB", "USER", "PASSWORD"))
FIELDS = os.environ["PEER_FIELDS"].split(" ")
COMPANIES = [["is_company", "=", True]]
# What is asked of each field, if not everything.
ATTRIBUTES = {"attributes": os.environ["PEER_ATTRIBUTES"].split(" ")} if "PEER_ATTRIBUTES" in os.environ else {}


class OdooRPC:
    def __init__(self):
        import odoorpc

        url = urlsplit(URL)
        self.odoo = odoorpc.ODOO(url.hostname, port=url.port)
        self.odoo.login(DB, USER, PASSWORD)

    def call(self, model, method, args, named):
        return self.odoo.execute_kw(model, method, args, named)


class Odooly:
    def __init__(self):
        import odooly

        self.env = odooly.Client(URL, DB, USER, PASSWORD).env

    def call(self, model, method, args, named):
        return self.env.execute(model, method, *args, **named)


class XmlRpc:
    """What Odoo's documentation shows, with nothing but Python's own library."""

    def __init__(self):
        import xmlrpc.client

        self.uid = xmlrpc.client.ServerProxy(f"{URL}/xmlrpc/2/common").authenticate(DB, USER, PASSWORD, {})
        self.models = xmlrpc.client.ServerProxy(f"{URL}/xmlrpc/2/object")

    def call(self, model, method, args, named):
        return self.models.execute_kw(DB, self.uid, PASSWORD, model, method, args, named)


CLIENTS = {"odoorpc": OdooRPC, "odooly": Odooly, "xmlrpc": XmlRpc}


def peak():
    """The most memory that the process has had: `getrusage` counts that of the process that started this one as well."""
    with open("/proc/self/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) / 1e3 for line in status if line.startswith("VmHWM:"))


def small(peer):
    return peer.call("res.partner", "search_count", [COMPANIES], {})


def page(peer, offset, limit):
    named = {"fields": FIELDS, "offset": offset, "limit": limit}
    return peer.call("res.partner", "search_read", [[]], named)


def main():
    client, task, count, workers = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    models = []
    if task == "fields":
        with open(os.environ["PEER_MODELS"], encoding="utf-8") as file:
            models = file.read().splitlines()
        count = len(models)
    # One connection a thread.
    peers = [CLIENTS[client]() for _ in range(workers)]
    for peer in peers:
        small(peer)
    before_mb = peak()
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    if task == "fetch":
        rows = page(peers[0], 0, count)
        done = len(rows)
    elif task == "stream":
        done = 0
        while done < count:
            rows = page(peers[0], done, PAGE)
            if not rows:
                break
            done += len(rows)
    else:
        waiting, failures = list(range(count)), []

        def work(peer):
            try:
                while True:
                    try:
                        at = waiting.pop()
                    except IndexError:
                        return
                    if task == "small":
                        small(peer)
                    else:
                        peer.call(models[at], "fields_get", [], ATTRIBUTES)
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=work, args=(peer,)) for peer in peers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
        done = count
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    figures = {"count": done, "cpu_ms": cpu * 1e3, "wall_ms": wall * 1e3}
    print(json.dumps(figures | {"before_mb": before_mb, "peak_mb": peak()}))


main()
