import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { applySteps, pendingFile } from '../../../../provisioning/firstboot/apply.ts'
import { createFiles, type Files } from '../../../../provisioning/firstboot/files.ts'
import { type CommandStep, type FileStep, planAbsent, type Step } from '../../../../provisioning/firstboot/plan/step.ts'
import { planUsers } from '../../../../provisioning/firstboot/plan/users.ts'
import { noSettings } from '../../../../provisioning/firstboot/settings.ts'
import type { Run } from '../../../../provisioning/run.ts'

const { uid, gid } = userInfo()

/** A root whose accounts are the one that runs the test, so that nobody needs to be root. */
async function createRoot(t: ExecutionContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'apply-'))
  t.teardown(() => rm(root, { recursive: true }))
  await mkdir(join(root, 'etc'))
  await writeFile(join(root, 'etc/passwd'), `root:x:${uid}:${gid}::/:/bin/sh\n`)
  await writeFile(join(root, 'etc/group'), `root:x:${gid}:\n`)
  return root
}

const file = (path: string, text: string, mode = 0o644): FileStep => ({
  ...{ kind: 'file', path, text, mode, owner: 'root', group: 'root', why: 'a test' },
})
const command = (name: string, when: CommandStep['when']): CommandStep => ({
  ...{ kind: 'command', argv: [name], when, why: 'a test' },
})

/** Remembers what ran; each command writes down what it saw of the files that it reads. */
function createCommands(root: string, reads: Record<string, string[]> = {}) {
  const ran: string[] = []
  const run: Run = async ([name = '']) => {
    ran.push(name)
    const seen = await Promise.all((reads[name] ?? []).map(path => readFile(join(root, path), 'utf8').catch(() => '-')))
    await writeFile(join(root, `made-by-${name}`), seen.join('|'))
    return { exitCode: 0, stdout: '', stderr: '' }
  }
  return { ran, run }
}

async function readTree(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const paths = entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  const rows = paths.sort().map(async path => {
    const mode = ((await stat(path)).mode & 0o7777).toString(8)
    return [path.slice(root.length), `${mode} ${await readFile(path, 'utf8')}`]
  })
  return Object.fromEntries(await Promise.all(rows))
}

test('files get their text and mode, folders are made, what must go is gone, and nothing else is left behind', async t => {
  const root = await createRoot(t)
  await writeFile(join(root, 'etc/old'), 'old')
  const { run, ran } = createCommands(root)
  const steps: Step[] = [file('/etc/deep/down/a.conf', 'ü\n', 0o600), planAbsent('/etc/old', 'a test')]
  const applied = await applySteps(steps, { files: createFiles(root), run })
  t.deepEqual(applied, { changed: ['/etc/deep/down/a.conf', '/etc/old'], failures: [] })
  const { '/etc/passwd': _, '/etc/group': __, ...tree } = await readTree(root)
  t.deepEqual(tree, { '/etc/deep/down/a.conf': '600 ü\n' })
  t.deepEqual(ran, [])
})

test('what is as planned is not touched, and commands run for what has changed alone', async t => {
  const root = await createRoot(t)
  const steps: Step[] = [
    file('/etc/a', 'a'),
    file('/etc/certs/b', 'b'),
    planAbsent('/etc/none', 'a test'),
    command('each-time', 'always'),
    command('by-a', ['/etc/a']),
    command('by-certs', ['/etc/certs/']),
  ]
  const files = createFiles(root)
  const first = createCommands(root)
  await applySteps(steps, { files, run: first.run })
  t.deepEqual(first.ran, ['each-time', 'by-a', 'by-certs'])
  const { ino } = await stat(join(root, 'etc/a'))

  const second = createCommands(root)
  t.deepEqual(await applySteps(steps, { files, run: second.run }), { changed: [], failures: [] })
  t.deepEqual(second.ran, ['each-time'])
  t.is((await stat(join(root, 'etc/a'))).ino, ino)

  const third = createCommands(root)
  await writeFile(join(root, 'etc/certs/b'), 'somebody else')
  t.deepEqual((await applySteps(steps, { files, run: third.run })).changed, ['/etc/certs/b'])
  t.deepEqual(third.ran, ['each-time', 'by-certs'])
})

test('a wrong mode, a link and a draft of an earlier run are put right', async t => {
  const root = await createRoot(t)
  const files = createFiles(root)
  const { run } = createCommands(root)
  for (const name of ['mode', 'link', 'draft']) await writeFile(join(root, 'etc', name), 'text')
  await chmod(join(root, 'etc/mode'), 0o666)
  await writeFile(join(root, 'elsewhere'), 'theirs')
  await rm(join(root, 'etc/link'))
  await symlink(join(root, 'elsewhere'), join(root, 'etc/link'))
  await symlink(join(root, 'elsewhere'), join(root, 'etc/.draft.new'))
  const steps = [file('/etc/mode', 'text', 0o600), file('/etc/link', 'mine'), file('/etc/draft', 'mine')]
  t.is((await applySteps(steps, { files, run })).changed.length, 3)
  const tree = await readTree(root)
  t.deepEqual(
    ['/etc/mode', '/etc/link', '/etc/draft', '/elsewhere'].map(path => tree[path]),
    ['600 text', '644 mine', '644 mine', '644 theirs'],
  )
})

test('a step that fails is told by its name, and the others are taken', async t => {
  const root = await createRoot(t)
  await mkdir(join(root, 'etc/is-a-folder'))
  const ran: string[] = []
  const run: Run = async ([name = '']) => {
    ran.push(name)
    return { exitCode: name === 'bad' ? 3 : 0, stdout: '', stderr: name === 'bad' ? 'one\ntwo\n' : '' }
  }
  const steps: Step[] = [
    file('/etc/is-a-folder', 'a'),
    { ...file('/etc/of-nobody', 'a'), owner: 'nobody-here' },
    file('/etc/good', 'a'),
    command('bad', ['/etc/good']),
    command('good', ['/etc/good']),
  ]
  const { changed, failures } = await applySteps(steps, { files: createFiles(root), run })
  t.deepEqual(changed, ['/etc/good'])
  t.deepEqual(ran, ['bad', 'good'])
  t.deepEqual(
    failures.map(({ step }) => step),
    ['/etc/is-a-folder (a test)', '/etc/of-nobody (a test)', 'bad (a test)'],
  )
  t.is(failures.at(-1)?.problem, 'bad exited with 3: one two')

  // Its command is still due.
  ran.length = 0
  await applySteps(steps.slice(2), { files: createFiles(root), run })
  t.deepEqual(ran, ['bad', 'good'])
})

test('of a password that cannot be set the failure tells whose it is, and not what it is', async t => {
  const root = await createRoot(t)
  const run: Run = async (_, options) => ({ exitCode: 1, stdout: '', stderr: options?.stdin ?? '' })
  const steps = planUsers(noSettings, { rootPassword: 's3cret' }).filter(({ kind }) => kind === 'command')
  const { failures } = await applySteps(steps, { files: createFiles(root), run })
  t.deepEqual(failures, [
    { step: 'chpasswd (the password of root)', problem: 'chpasswd exited with 1', password: 'root' },
  ])
})

/** The power goes: nothing happens from then on. `when` counts operations, each one twice: before it and after it. */
function cutAt(when: number, { files, run }: { files: Files; run: Run }) {
  const never = new Promise<never>(() => undefined)
  const { promise: cut, resolve } = Promise.withResolvers<'cut'>()
  let count = 0
  const powered = async <T>(work: () => Promise<T>): Promise<T> => {
    const pass = () => {
      if (count++ < when) return
      resolve('cut')
      return never
    }
    await pass()
    const result = await work()
    await pass()
    return result
  }
  const machine = {
    files: { ...files, write: (step: Parameters<Files['write']>[0]) => powered(() => files.write(step)) },
    run: (...given: Parameters<Run>) => powered(() => run(...given)),
  }
  return { machine, cut }
}

test('cut off anywhere, the next run completes it', async t => {
  const reads = { one: ['/etc/a', '/etc/b'], two: ['/etc/gone', '/etc/certs/c'], each: ['/etc/a'] }
  const steps: Step[] = [
    file('/etc/a', 'new a', 0o600),
    file('/etc/b', 'new b'),
    file('/etc/certs/c', 'new c'),
    planAbsent('/etc/gone', 'a test'),
    command('one', ['/etc/a', '/etc/b']),
    command('two', ['/etc/gone', '/etc/certs/']),
    command('each', 'always'),
  ]
  const prepare = async () => {
    const root = await createRoot(t)
    for (const name of ['a', 'gone']) await writeFile(join(root, 'etc', name), `old ${name}`)
    return { root, machine: { files: createFiles(root), run: createCommands(root, reads).run } }
  }
  const whole = await prepare()
  await applySteps(steps, whole.machine)
  const wanted = await readTree(whole.root)
  t.is(wanted['/made-by-two'], '644 -|new c')
  t.is(wanted[pendingFile], undefined)

  let cuts = 0
  for (let when = 0; ; when++) {
    const { root, machine } = await prepare()
    const { machine: failing, cut } = cutAt(when, machine)
    const outcome = await Promise.race([cut, applySteps(steps, failing)])
    if (outcome !== 'cut') break
    cuts++
    const { failures } = await applySteps(steps, machine)
    t.deepEqual(failures, [])
    t.deepEqual(await readTree(root), wanted, `cut at ${when}`)
  }
  // Files and their list of what is pending, commands, and the list again: each before and after.
  t.is(cuts, 2 * (4 + 1 + 3 + 1))
})
