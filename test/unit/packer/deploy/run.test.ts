/** The script as a process, with a tool on the PATH that writes down what it is given. */
import { spawnSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import test, { type ExecutionContext } from 'ava'
import { createScratch } from '../../ova/support/scratch.ts'
import { alter, packSample, repack, unpack } from '../../ova/support/spoil.ts'

const stub = `#!/bin/sh
{ printf '%s' "$0" | sed 's|.*/||'; for word; do printf '|%s' "$word"; done; echo; } >> "$RECORD"
case " $* " in *" -options - "*) cat >> "$RECORD";; esac
case " $* " in *"$FAIL_AT"*) echo 'no such machine' >&2; exit 7;; esac
`

async function createStage(t: ExecutionContext, tool?: string) {
  const scratch = await createScratch(t)
  const { ovaPath } = await packSample(scratch)
  await mkdir(scratch('bin'))
  if (tool) await writeFile(scratch(`bin/${tool}`), stub, { mode: 0o755 })
  const run = (args: string[], env: Record<string, string> = {}) => {
    const PATH = `${scratch('bin')}:${process.env.PATH}`
    const settings = { ...process.env, PATH, RECORD: scratch('record'), FAIL_AT: 'nothing fails', ...env }
    return spawnSync(process.execPath, ['packer/deploy.ts', '--ova', ovaPath, ...args], {
      encoding: 'utf8',
      env: settings,
    })
  }
  return { scratch, ovaPath, run, readRecord: () => readFile(scratch('record'), 'utf8') }
}

const network = ['--target', 'vsphere', '--network', "Jon's network"]
const url = { GOVC_URL: 'vcenter.example' }

test('the tool gets each word as it is, and its input', async t => {
  const { run, readRecord, ovaPath } = await createStage(t, 'govc')
  const { status, stdout, stderr } = run([...network, '--datastore', 'a b;$(id)', '--start'], url)
  t.is(status, 0, stderr)
  const [first, ...rest] = (await readRecord()).split('\n')
  t.is(first, `govc|import.ova|-name|dispatch-solo|-ds|a b;$(id)|-options|-|${ovaPath}`)
  t.true(rest.includes(`      "Network": "Jon's network"`))
  t.is(rest.at(-2), 'govc|vm.power|-on|dispatch-solo')
  t.regex(stdout, /^\$ govc import\.ova .*\n\$ govc vm\.power -on dispatch-solo\n$/)
})

test('a dry run runs nothing, needs no tool, and what it prints does the same when it is pasted', async t => {
  const { run, readRecord, scratch } = await createStage(t, 'govc')
  const dry = run([...network, '--cpus', '4', '--dry-run'])
  t.is(dry.status, 0, dry.stderr)
  await t.throwsAsync(readRecord())
  const env = {
    ...process.env,
    PATH: `${scratch('bin')}:${process.env.PATH}`,
    RECORD: scratch('record'),
    FAIL_AT: 'none',
  }
  t.is(spawnSync('sh', ['-c', dry.stdout], { env }).status, 0)
  const pasted = await readRecord()
  await writeFile(scratch('record'), '')
  t.is(run([...network, '--cpus', '4'], url).status, 0)
  t.is(await readRecord(), pasted)
})

test('a step that fails ends it, pasted and run', async t => {
  const { run, readRecord, scratch } = await createStage(t, 'VBoxManage')
  const args = ['--target', 'virtualbox', '--bridgeadapter', 'eth0', '--start']
  const { status, stderr } = run(args, { FAIL_AT: 'modifyvm' })
  t.is(status, 1)
  t.regex(stderr, /no such machine\ndeploy: VBoxManage ended with 7; what came before it stays as it is\n$/)
  t.notRegex(await readRecord(), /startvm/)
  await writeFile(scratch('record'), '')
  const env = {
    ...process.env,
    PATH: `${scratch('bin')}:${process.env.PATH}`,
    RECORD: scratch('record'),
    FAIL_AT: 'modifyvm',
  }
  t.is(spawnSync('sh', ['-c', run([...args, '--dry-run']).stdout], { env }).status, 7)
  t.notRegex(await readRecord(), /startvm/)
})

test('Proxmox VE: pasted text works in a folder that nobody else can have made, and leaves none when a step fails', async t => {
  const { run, readRecord, scratch } = await createStage(t, 'qm')
  const { stdout, stderr } = run(['--target', 'proxmox', '--vmid', '7', '--storage', 'local', '--dry-run'])
  await mkdir(scratch('it is tmp'))
  const shared = { ...process.env, PATH: `${scratch('bin')}:${process.env.PATH}`, TMPDIR: scratch('it is tmp') }
  for (const [failAt, status] of [
    ['importovf', 7],
    ['nothing fails', 0],
  ] as const) {
    const env = { ...shared, RECORD: scratch('record'), FAIL_AT: failAt }
    t.is(spawnSync('sh', ['-c', stdout], { env }).status, status, stderr)
    t.deepEqual(await readdir(scratch('it is tmp')), [])
  }
  const [failed = '', worked = '', set] = (await readRecord()).split('\n')
  t.regex(failed, /^qm\|importovf\|7\|\/.*\/it is tmp\/tmp\.\w+\/[^/]+\.ovf\|local$/)
  t.not(worked, failed)
  t.regex(set ?? '', /^qm\|set\|7\|/)
})

test('a tool that is missing is named, and how to get it', async t => {
  const { run } = await createStage(t)
  // Where people put govc is left out: some have it.
  const { status, stdout, stderr } = run(network, { PATH: '/usr/bin:/bin' })
  t.deepEqual([status, stdout], [2, ''])
  t.regex(stderr, /^deploy: govc is not on the PATH\. Get it from https:/)
})

test('an address that is missing is named before anything runs', async t => {
  const { run } = await createStage(t, 'govc')
  const { status, stderr } = run(network, { GOVC_URL: '' })
  t.is(status, 2)
  t.regex(stderr, /govc takes GOVC_URL from the environment/)
})

test('a disk is not made smaller', async t => {
  const { run } = await createStage(t, 'VBoxManage')
  t.is(run(['--target', 'virtualbox', '--basefolder', 'x', '--disk-size', '1', '--dry-run']).status, 0)
  const scratch = await createScratch(t)
  const { ovaPath } = await packSample(scratch)
  const big = alter(unpack(await readFile(ovaPath)), '.ovf', data =>
    data.toString().replace(/ovf:capacity="\d+"/, 'ovf:capacity="21474836480"'),
  )
  await writeFile(ovaPath, repack(big))
  const { status, stderr } = run(['--ova', ovaPath, '--target', 'virtualbox', '--basefolder', 'x', '--disk-size', '10'])
  t.is(status, 2)
  t.regex(stderr, /--disk-size 10 is less than the disk has: 20 GiB/)
})

const section = `<ProductSection ovf:class="test"><Info>x</Info><Property ovf:key="password" ovf:type="string"/></ProductSection>`

test('a file of options holds only properties that the .ova has, and is for its owner alone', async t => {
  const { run, scratch, ovaPath } = await createStage(t, 'govc')
  const options = scratch('options.json')
  const write = (key: string) =>
    writeFile(options, JSON.stringify({ PropertyMapping: [{ Key: key, Value: 'secret' }] }))
  const deploy = () => run(['--target', 'vsphere', '--options', options], url)
  await write('test.password')
  t.regex(deploy().stderr, /the \.ova has no property test\.password; it has /)
  const parts = alter(unpack(await readFile(ovaPath)), '.ovf', data =>
    data.toString().replace('<OperatingSystemSection', `${section}<OperatingSystemSection`),
  )
  await writeFile(ovaPath, repack(parts))
  t.regex(deploy().stderr, /others can read it: chmod 600/)
  await chmod(options, 0o600)
  t.is(deploy().status, 0)
  await write('test.pasword')
  t.regex(deploy().stderr, /no property test\.pasword; it has .*test\.password/)
  const { stdout, stderr } = run(['--target', 'vsphere', '--options', options, '--dry-run'])
  t.notRegex(stdout + stderr, /secret/)
})

test('what is no .ova is named', async t => {
  const { run, scratch } = await createStage(t)
  await writeFile(scratch('x.ova'), repack([{ name: 'a', data: Buffer.from('b') }]))
  const { status, stderr } = run(['--ova', scratch('x.ova'), ...network])
  t.is(status, 2)
  t.regex(stderr, /x\.ova holds no \.ovf: look at it by npm run verify/)
})
