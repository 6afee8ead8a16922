/** What the guides to importing type of `npm run deploy` is taken, and does what they say beside it. */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import test from 'ava'
import { parseAsked, scriptOptions, targets } from '../../../packer/deploy/arguments.ts'
import { parseExamples } from '../../e2e/guides/example.ts'
import { loadPage } from './pages.ts'

const ova = {
  ...{ path: '/x/dispatch-solo-0.1.0-amd64.ova', descriptor: 'solo.ovf', disk: 'solo-disk1.vmdk', network: 'Bridged' },
  ...{ diskBytes: 0, properties: [] },
}
const guides = ['vsphere', 'virtualbox', 'proxmox', 'qemu']
const script = 'npm run deploy -- '

function plan(command: string): string[] {
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\n' ${command.slice(script.length)}`], { encoding: 'utf8' })
  const { values } = parseArgs({ args: stdout.trimEnd().split('\n'), options: scriptOptions })
  const { target, ...asked } = parseAsked(values)
  return target.plan(ova, { ...asked, accelerator: 'kvm', workDir: '/w' }).map(step => step.command.join(' '))
}

for (const name of guides) {
  test(`the guide to ${name} types commands that are taken, each for its own target`, t => {
    const { text } = loadPage(`docs/guides/import-${name}.md`)
    const typed = parseExamples(text)
      .map(({ command }) => command)
      .filter(command => command.startsWith(script))
    t.true(typed.length > 0)
    for (const command of typed) {
      t.regex(command, new RegExp(`--target ${name} `))
      t.true(plan(command).some(line => line.startsWith(`${targets[name]?.tool} `) || name === 'qemu'))
    }
  })
}

test('what is planned for a machine as it is proposed stands in the guide as commands by hand', t => {
  const asked = { virtualbox: { bridgeadapter: 'eth0' }, proxmox: { vmid: '100', storage: 'local-lvm' } }
  for (const [name, flags] of Object.entries(asked)) {
    const { target, ...wishes } = parseAsked({ target: name, start: true, ...flags })
    const steps = target.plan(ova, { ...wishes, accelerator: 'kvm', workDir: '/w' })
    const own = steps.map(({ command }) => command.join(' ')).filter(line => !/^(tar|mkdir|rm)|import/.test(line))
    const { text } = loadPage(`docs/guides/import-${name}.md`)
    for (const line of own) t.true(text.includes(` ${line}\n`), line)
  }
})
