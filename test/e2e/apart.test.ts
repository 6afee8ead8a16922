/** What a function leaves behind is found by no other: a container that was used is never given to another function, or version. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { startGuarded } from '../helpers/guarded-server.ts'
import { until } from '../helpers/wait.ts'

/** Tells what it finds, and then leaves a file, one in shared memory, a variable of its module, and a process. */
const code = `import os, socket, subprocess, sys, time
left = []
def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""
def look():
    running = [read(f"/proc/{pid}/cmdline") for pid in os.listdir("/proc") if pid.isdigit()]
    files = os.listdir("/tmp") + os.listdir("/dev/shm")
    return {"files": sorted(files), "processes": len([line for line in running if "987654" in line]), "left": left[:]}
def handle(context, payload):
    found = look()
    for directory in ["/tmp", "/dev/shm"]:
        with open(f"{directory}/{payload}", "w") as file:
            file.write(payload)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(987654)"], start_new_session=True)
    # The kernel tells its arguments a little later than Popen that it runs.
    while "987654" not in read(f"/proc/{child.pid}/cmdline"):
        time.sleep(0.01)
    left.append(payload)
    return {"container": socket.gethostname(), "code": sorted(os.listdir("/function")), "found": found, "then": look()}
`
const nothing = { files: [], processes: 0, left: [] }

interface Stage {
  t: ExecutionContext
  directory: string
  /** As root, in that organization; what the command prints. */
  run(organization: string, ...words: string[]): Promise<string>
  containers(): Promise<string[]>
  /** By container, which version of which function had it. */
  tenants: Map<string, string>
}

async function prepare(t: ExecutionContext): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-apart-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const { root, stop } = await startGuarded(directory, { args: ['--pool-size', '1', '--function-idle', '1s'] })
  t.teardown(() => stop())
  const run = async (organization: string, ...words: string[]): Promise<string> => {
    const { code: exit, stdout, stderr } = await root.run(...words, '--organization', organization)
    t.is(exit, 0, `dispatch ${words.join(' ')}\n${stdout}${stderr}`)
    return stdout
  }
  const instance = (await readFile(join(directory, 'dispatch-data/instance-id'), 'utf8')).trim()
  const listing = ['ps', '-aq', '--filter', `label=io.dispatchframework.solo.instance=${instance}`]
  const containers = async () => execFileSync('docker', listing, { encoding: 'utf8' }).split('\n').filter(Boolean)
  for (const organization of ['north', 'south']) {
    t.is((await root.run('iam', 'create', 'organization', organization)).code, 0)
    await run(organization, 'create', 'seed-images')
    await until('python3 is READY', async () => (await run(organization, 'get', 'image', 'python3')).includes('READY'))
  }
  return { t, directory, run, containers, tenants: new Map() }
}

/** Its own code alone in a file of its own name. */
async function put({ directory, run }: Stage, verb: 'create' | 'update', organization: string, name: string) {
  const file = join(directory, `${name}.py`)
  await writeFile(file, `${code}# ${verb}\n`)
  const image = verb === 'create' ? ['--image', 'python3'] : []
  await run(organization, verb, 'function', name, file, ...image, '--handler', `${name}.handle`, '--wait')
}

/** A call of a version that has not been called since it last woke; returns its container. */
async function callFresh({ t, run, tenants }: Stage, organization: string, name: string, version = 1): Promise<string> {
  const tenant = `${organization}/${name} ${version}`
  const printed = await run(organization, 'run', name, JSON.stringify(tenant.replace('/', '-')))
  const { container, code: files, found, then } = JSON.parse(printed)
  t.deepEqual(found, nothing, tenant)
  t.is(then.processes, 1, 'what is looked for would be found')
  t.deepEqual(files, [`${name}.py`])
  t.false(tenants.has(container), `${tenant} got the container of ${tenants.get(container)}`)
  tenants.set(container, tenant)
  return container
}

const isGone = async ({ containers }: Stage, container: string): Promise<boolean> =>
  !(await containers()).some(id => container.startsWith(id))

const reachGone = (stage: Stage, container: string) =>
  until(`the container of ${stage.tenants.get(container)} is gone`, () => isGone(stage, container))

test('what a function leaves is found by none, after it slept, was updated, and was deleted', async t => {
  t.timeout(5 * 60_000, 'many containers on a machine that may be busy')
  const stage = await prepare(t)
  await put(stage, 'create', 'north', 'first')
  await reachGone(stage, await callFresh(stage, 'north', 'first'))
  await put(stage, 'create', 'south', 'second')
  await reachGone(stage, await callFresh(stage, 'south', 'second'))
  const updated = await callFresh(stage, 'north', 'first')
  await put(stage, 'update', 'north', 'first')
  const next = await callFresh(stage, 'north', 'first', 2)
  await reachGone(stage, updated)
  await reachGone(stage, await callFresh(stage, 'south', 'second'))
  await reachGone(stage, next)
  const last = await callFresh(stage, 'north', 'first', 2)
  await stage.run('north', 'delete', 'function', 'first', '--wait')
  await reachGone(stage, last)
  await put(stage, 'create', 'south', 'third')
  await callFresh(stage, 'south', 'third')
})
