// One client in JavaScript, by name. `peers.mjs CLIENT TASK COUNT WORKERS` does a task once and says what it took.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const PAGE = 1000;
const { ODOO_URL, ODOO_DB, ODOO_USER, ODOO_PASSWORD, PEER_FIELDS, PEER_MODELS } = process.env;
const fields = PEER_FIELDS.split(" ");

const clients = {
  async "odoo-jsonrpc"() {
    const OdooJSONRpc = require("@fernandoslim/odoo-jsonrpc").default;
    const url = new URL(ODOO_URL);
    const odoo = new OdooJSONRpc({
      baseUrl: `${url.protocol}//${url.hostname}`,
      port: Number(url.port),
      db: ODOO_DB,
      username: ODOO_USER,
      password: ODOO_PASSWORD,
    });
    await odoo.connect();
    return (model, method, args, named) => odoo.call_kw(model, method, args, named);
  },
  async "odoo-await"() {
    const Odoo = require("odoo-await");
    const odoo = new Odoo({ baseUrl: ODOO_URL, db: ODOO_DB, username: ODOO_USER, password: ODOO_PASSWORD });
    await odoo.connect();
    return (model, method, args, named) => odoo.execute_kw(model, method, [args, named]);
  },
};

const small = (call) => call("res.partner", "search_count", [[["is_company", "=", true]]], {});
const page = (call, offset, limit) => call("res.partner", "search_read", [[]], { fields, offset, limit });

const [client, task, counted, workers] = process.argv.slice(2);
const models = task === "fields" ? readFileSync(PEER_MODELS, "utf8").trim().split("\n") : [];
const count = task === "fields" ? models.length : Number(counted);
const call = await clients[client]();
await Promise.all(Array.from({ length: Number(workers) }, () => small(call)));

// The most memory that the process has had: `resourceUsage` counts that of the process that started this one as well.
const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1e3;
const before_mb = peak();
const before = process.resourceUsage();
const start = process.hrtime.bigint();
let done = 0;
if (task === "fetch") {
  done = (await page(call, 0, count)).length;
} else if (task === "stream") {
  while (done < count) {
    const rows = await page(call, done, PAGE);
    if (rows.length === 0) break;
    done += rows.length;
  }
} else {
  const work = async () => {
    while (done < count) {
      const at = done++;
      await (task === "small" ? small(call) : call(models[at], "fields_get", [], {}));
    }
  };
  await Promise.all(Array.from({ length: Number(workers) }, work));
}
const wall_ms = Number(process.hrtime.bigint() - start) / 1e6;
const after = process.resourceUsage();
const cpu = (usage) => (usage.userCPUTime + usage.systemCPUTime) / 1e3;
console.log(
  JSON.stringify({
    count: done,
    cpu_ms: cpu(after) - cpu(before),
    wall_ms,
    before_mb,
    peak_mb: peak(),
  }),
);
process.exit(0);
