"use strict";

// server/runtimes/launcher/main.ts
var import_node_util = require("node:util");

// server/runtimes/launcher/launcher.ts
var import_node_net2 = require("node:net");

// server/runtimes/launcher/capture.ts
var import_node_fs = require("node:fs");
var import_node_os = require("node:os");
var import_node_path = require("node:path");
var createCapture = (name) => ({
  stdout: openNameless(`${name}.stdout`),
  stderr: openNameless(`${name}.stderr`)
});
var takePrinted = (capture, limitBytes) => [
  take(capture.stdout, limitBytes + 1),
  take(capture.stderr, limitBytes + 1)
];
function cutPrinted(fd, limitBytes) {
  const { size } = (0, import_node_fs.fstatSync)(fd);
  if (size <= limitBytes + 1) return size;
  (0, import_node_fs.fchmodSync)(fd, mode | beingCut);
  if ((0, import_node_fs.fstatSync)(fd).size > limitBytes + 1) (0, import_node_fs.ftruncateSync)(fd, limitBytes + 1);
  (0, import_node_fs.fchmodSync)(fd, mode);
  return size;
}
function closeCapture(capture) {
  (0, import_node_fs.closeSync)(capture.stdout);
  (0, import_node_fs.closeSync)(capture.stderr);
}
var mode = 384;
var beingCut = 64;
function empty(fd) {
  do
    (0, import_node_fs.ftruncateSync)(fd);
  while (((0, import_node_fs.fstatSync)(fd).mode & beingCut) !== 0);
}
function openNameless(name) {
  const path = (0, import_node_path.join)((0, import_node_os.tmpdir)(), name);
  const fd = (0, import_node_fs.openSync)(path, "ax+", mode);
  (0, import_node_fs.unlinkSync)(path);
  return fd;
}
function take(fd, limitBytes) {
  const { size } = (0, import_node_fs.fstatSync)(fd);
  if (size === 0) return Buffer.alloc(0);
  const printed = Buffer.alloc(Math.min(size, limitBytes));
  const length = (0, import_node_fs.readSync)(fd, printed, 0, printed.length, 0);
  empty(fd);
  return printed.subarray(0, length);
}

// server/runtimes/launcher/child.ts
var import_node_child_process = require("node:child_process");
var import_node_net = require("node:net");
var import_node_os3 = require("node:os");
var import_node_path2 = require("node:path");

// server/runtimes/launcher/frames.ts
function encodeFrame(header, parts = []) {
  const text = Buffer.from(JSON.stringify({ ...header, parts: parts.map((part) => part.length) }));
  const start = Buffer.allocUnsafe(8);
  start.writeUInt32BE(
    parts.reduce((total, part) => total + part.length, 4 + text.length),
    0
  );
  start.writeUInt32BE(text.length, 4);
  return Buffer.concat([start, text, ...parts]);
}
function createFrameReader(onFrame) {
  let pending = [];
  let pendingBytes = 0;
  return (chunk) => {
    pending.push(chunk);
    pendingBytes += chunk.length;
    if (pendingBytes < missingBytes(pending[0])) return;
    let rest = pending.length === 1 ? chunk : Buffer.concat(pending);
    while (rest.length >= missingBytes(rest)) {
      const end = 4 + rest.readUInt32BE(0);
      const frame = decodeFrame(rest.subarray(4, end));
      rest = rest.subarray(end);
      onFrame(frame);
    }
    pending = rest.length > 0 ? [rest] : [];
    pendingBytes = rest.length;
  };
}
var missingBytes = (start) => start && start.length >= 4 ? 4 + start.readUInt32BE(0) : Math.max(4, (start?.length ?? 0) + 1);
function decodeFrame(body) {
  let at = 4 + body.readUInt32BE(0);
  const header = JSON.parse(body.toString("utf8", 4, at));
  const parts = header.parts.map((size) => {
    at += size;
    return body.subarray(at - size, at);
  });
  return { header, parts };
}

// server/runtimes/launcher/memory.ts
var import_node_fs2 = require("node:fs");
var import_node_os2 = require("node:os");
var counters = ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"];
function countOomKills() {
  for (const path of counters) {
    const count = /^oom_kill (\d+)$/m.exec(readIfThere(path))?.[1];
    if (count !== void 0) return Number(count);
  }
  return 0;
}
var reserveMebibytes = 96;
function chooseHeapMebibytes() {
  const mebibytes = Math.min(process.constrainedMemory() || (0, import_node_os2.totalmem)(), (0, import_node_os2.totalmem)()) / 1024 ** 2;
  return Math.floor(Math.max(0.5 * mebibytes, Math.min(0.75 * mebibytes, mebibytes - reserveMebibytes)));
}
function readIfThere(path) {
  try {
    return (0, import_node_fs2.readFileSync)(path, "utf8");
  } catch {
    return "";
  }
}

// server/runtimes/launcher/child.ts
var errorExitCode = 71;
function startChild({ command, enginePath, directory, env }) {
  const name = `worker-${process.pid}-${process.hrtime.bigint()}`;
  const capture = createCapture(name);
  const heapMebibytes = chooseHeapMebibytes();
  const line = openLine((0, import_node_path2.join)((0, import_node_os3.tmpdir)(), `${name}.sock`));
  const [program = "", ...args] = command.map((word) => word.replace("{heapMebibytes}", String(heapMebibytes)));
  const child = (0, import_node_child_process.spawn)(program, args, {
    cwd: directory,
    detached: true,
    stdio: ["ignore", capture.stdout, capture.stderr],
    env: { ...env, DISPATCH_LAUNCHER: line.path, DISPATCH_ENGINE: enginePath, DISPATCH_FUNCTION: directory }
  });
  const ended = Promise.withResolvers();
  const kill = () => killGroup(child.pid);
  const finish = async (end) => {
    kill();
    await line.drained();
    ended.resolve(end);
  };
  child.once("exit", (code, signal) => finish({ code, signal }));
  child.on("error", () => finish({ code: errorExitCode, signal: null }));
  const { started, loadFailed, load } = line;
  return { capture, heapMebibytes, started, loadFailed, ended: ended.promise, load, kill };
}
function openLine(path) {
  const connected = Promise.withResolvers();
  const started = Promise.withResolvers();
  const loadFailed = Promise.withResolvers();
  const closed = Promise.withResolvers();
  let isConnected = false;
  const server = (0, import_node_net.createServer)((socket) => {
    server.close();
    isConnected = true;
    socket.on("error", () => socket.destroy());
    socket.on("close", () => closed.resolve());
    socket.on(
      "data",
      createFrameReader(({ header: { type, message } }) => {
        if (type === "started") started.resolve();
        if (type === "load-failed") loadFailed.resolve(String(message));
      })
    );
    connected.resolve(socket);
  });
  server.listen(path);
  return {
    path,
    started: started.promise,
    loadFailed: loadFailed.promise,
    load: (assignment) => void connected.promise.then((socket) => socket.write(encodeFrame({ ...assignment, type: "load" }))),
    drained: async () => {
      server.close();
      if (isConnected) await closed.promise;
    }
  };
}
function killGroup(pid) {
  if (pid === void 0) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
  }
}

// server/runtimes/launcher/flood.ts
var import_node_fs3 = require("node:fs");
var lookMs = 20;
var unwatchedMs = 250;
function boundPrinted({ stdout, stderr }, limitBytes) {
  const stops = [stdout, stderr].map((fd) => boundFile(fd, limitBytes));
  return () => {
    for (const stop of stops) stop();
  };
}
function boundFile(fd, limitBytes) {
  let watcher;
  let timer;
  let seenBytes = 0;
  function stop() {
    watcher?.close();
    watcher = void 0;
    clearTimeout(timer);
  }
  function waitForWrite() {
    try {
      watcher = (0, import_node_fs3.watch)(`/proc/self/fd/${fd}`, () => {
        stop();
        look();
      });
      watcher.on("error", lookLater);
    } catch {
      lookLater();
    }
  }
  function lookLater() {
    stop();
    timer = setTimeout(look, unwatchedMs);
  }
  function look() {
    const before = seenBytes;
    seenBytes = cutPrinted(fd, limitBytes);
    if (seenBytes === before) waitForWrite();
    else timer = setTimeout(look, lookMs);
  }
  waitForWrite();
  return stop;
}

// server/runtimes/launcher/watches.ts
var import_node_fs4 = require("node:fs");
var intervalMs = 50;
var chunkBytes = 64 * 1024;
function createWatches(tell, limitBytes) {
  const watches = /* @__PURE__ */ new Map();
  function remove(worker, watch2) {
    const watched = watches.get(worker);
    if (!watched || watch2 !== void 0 && watch2 !== watched.watch) return;
    clearInterval(watched.timer);
    watches.delete(worker);
  }
  return {
    remove,
    add: (worker, watch2, capture) => {
      remove(worker);
      const streams = [capture.stdout, capture.stderr].map((fd) => ({ fd, told: 0 }));
      const timer = setInterval(() => {
        if (streams.some(({ fd, told }) => (0, import_node_fs4.fstatSync)(fd).size < told)) return remove(worker);
        const printed = streams.map(({ fd, told }) => readFrom(fd, told, limitBytes()));
        streams.forEach((stream, index) => {
          stream.told += printed[index]?.length ?? 0;
        });
        if (printed.some(({ length }) => length > 0)) tell(worker, watch2, printed);
      }, intervalMs);
      watches.set(worker, { watch: watch2, timer });
    }
  };
}
function readFrom(fd, told, limitBytes) {
  const newBytes = Math.min((0, import_node_fs4.fstatSync)(fd).size, limitBytes) - told;
  if (newBytes <= 0) return Buffer.alloc(0);
  const piece = Buffer.alloc(Math.min(newBytes, chunkBytes));
  return piece.subarray(0, (0, import_node_fs4.readSync)(fd, piece, 0, piece.length, told));
}

// server/runtimes/launcher/workers.ts
function createWorkers(socket, { startChild: startChild2, outOfMemory }) {
  const children = /* @__PURE__ */ new Map();
  const send = (header, parts) => socket.write(encodeFrame(header, parts));
  let assignment = {};
  let oomKills = countOomKills();
  let watches;
  const logBytes = () => Number(assignment.logBytes);
  function assign(worker) {
    const child = startChild2();
    children.set(worker, child);
    const stopBounding = boundPrinted(child.capture, logBytes());
    void child.loadFailed.then((message) => send({ type: "load-failed", message }));
    void child.ended.then((end) => {
      children.delete(worker);
      watches?.remove(worker);
      stopBounding();
      report(worker, child, end);
    });
    child.load({ ...assignment, worker });
  }
  function watch2(worker, number) {
    const capture = children.get(worker)?.capture;
    if (!capture) return;
    watches ??= createWatches(
      (from, watched, printed) => send({ type: "printed", worker: from, watch: watched }, printed),
      logBytes
    );
    watches.add(worker, number, capture);
  }
  function report(worker, { capture }, end) {
    const known = oomKills;
    oomKills = countOomKills();
    const printed = takePrinted(capture, logBytes());
    const isOutOfMemory = oomKills > known || end.code !== 0 && printed.some(saysOutOfMemory);
    send({ type: "exited", worker, ...end, outOfMemory: isOutOfMemory }, printed);
    closeCapture(capture);
  }
  const saysOutOfMemory = (printed) => outOfMemory?.test(printed.toString()) ?? false;
  return (header) => {
    const worker = Number(header.worker);
    switch (header.type) {
      case "load":
        assignment = header;
        assign(worker);
        break;
      case "start":
        assign(worker);
        break;
      case "kill":
        children.get(worker)?.kill();
        break;
      case "watch":
        watch2(worker, Number(header.watch));
        break;
      case "unwatch":
        watches?.remove(worker, Number(header.watch));
    }
  };
}

// server/runtimes/launcher/launcher.ts
var protocol = 1;
function runLauncher(options) {
  const first = startChild(options);
  let spare = first;
  void first.ended.then(() => spare && process.exit(1));
  void first.started.then(() => {
    const socket = (0, import_node_net2.connect)(options.enginePath);
    socket.on("close", () => process.exit(0));
    socket.on("error", () => process.exit(1));
    const { language, outOfMemory } = options;
    const act = createWorkers(socket, { startChild: () => takeSpare() ?? startChild(options), outOfMemory });
    socket.on(
      "data",
      createFrameReader(({ header }) => act(header))
    );
    socket.write(encodeFrame({ type: "hello", protocol, language }));
  });
  function takeSpare() {
    const taken = spare;
    spare = void 0;
    if (!taken || taken.heapMebibytes === chooseHeapMebibytes()) return taken;
    taken.kill();
    closeCapture(taken.capture);
    return void 0;
  }
}

// server/runtimes/launcher/main.ts
var { values, positionals } = (0, import_node_util.parseArgs)({
  options: { language: { type: "string", default: "" }, "out-of-memory": { type: "string" } },
  allowPositionals: true
});
var pattern = values["out-of-memory"];
var { DISPATCH_ENGINE = "/run/dispatch/engine.sock", DISPATCH_FUNCTION = "/function" } = process.env;
runLauncher({
  language: values.language,
  outOfMemory: pattern === void 0 ? void 0 : new RegExp(pattern),
  command: positionals,
  enginePath: DISPATCH_ENGINE,
  directory: DISPATCH_FUNCTION,
  env: process.env
});
