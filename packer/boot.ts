/** `npm run boot`: boots the newest .ova in QEMU for a person: console on this terminal, its ports on printed ones. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serialLogin } from './credentials.ts'
import { type Forward, usualHardware } from './hardware.ts'
import { findKvmFault } from './host.ts'
import { findNewestOva } from './newest.ts'
import { parseScriptArguments } from './script.ts'
import { createShell } from './shell.ts'
import { repository } from './source.ts'
import { createOverlay, type Machine, planQemu, unpackDisk } from './vm.ts'

const help = `Usage: npm run boot -- [FILE.ova]

Boots an .ova, the newest of build/ova where none is named: its console on this terminal, its ports on printed ones.`

const wanted = {
  page: { hostPort: 9443, guestPort: 443 },
  api: { hostPort: 9444, guestPort: 8443 },
  ssh: { hostPort: 9022, guestPort: 22 },
} satisfies Readonly<Record<string, Forward>>
type Ports = Readonly<Record<keyof typeof wanted, Forward>>

/** The wanted port, or any free one where it is taken. */
async function findFreePort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', () => (port === 0 ? reject(new Error('no free port on 127.0.0.1')) : resolve(findFreePort(0))))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}

function renderWelcome(ova: string, { page, api, ssh }: Ports, withoutKvm: string | undefined): string {
  return [
    `Booting ${ova}`,
    withoutKvm ? `No KVM (${withoutKvm}): the machine is emulated and takes a minute or more to come up.` : '',
    `  Set-up page  https://127.0.0.1:${page.hostPort}/, later the gateway`,
    `  API          https://127.0.0.1:${api.hostPort}/, once claimed`,
    `  SSH          ssh -p ${ssh.hostPort} admin@127.0.0.1, once claimed`,
    'This terminal becomes its serial console; root is logged in: `dispatch appliance claim` claims it too.',
    'Ctrl-A x switches it off; nothing is kept.',
  ]
    .filter(line => line !== '')
    .join('\n')
}

async function findPorts(): Promise<Ports> {
  const lead = async ({ hostPort, guestPort }: Forward) => ({ hostPort: await findFreePort(hostPort), guestPort })
  return { page: await lead(wanted.page), api: await lead(wanted.api), ssh: await lead(wanted.ssh) }
}

async function main(named: string | undefined, signal: AbortSignal): Promise<number> {
  const ova = named ?? (await findNewestOva(repository))
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-boot-'))
  try {
    const shell = createShell({ logFile: join(dir, 'boot.log'), signal })
    const withoutKvm = await findKvmFault(shell)
    const ports = await findPorts()
    const disk = join(dir, 'overlay.qcow2')
    await createOverlay(shell, { vmdk: await unpackDisk(shell, ova, dir), file: disk })
    console.log(renderWelcome(ova, ports, withoutKvm))
    const machine: Machine = {
      accelerator: withoutKvm ? 'tcg' : 'kvm',
      hardware: usualHardware,
      disk,
      serial: 'terminal',
      credentials: serialLogin,
      forwards: Object.values(ports),
      isolated: false,
    }
    return await shell.attach(planQemu(machine))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

const { positionals } = parseScriptArguments(process.argv.slice(2), { help, options: {}, maxPositionals: 1 })
const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => stop.abort())
process.exitCode = await main(positionals[0], stop.signal).catch(error => {
  console.error(`boot: ${error instanceof Error ? error.message : String(error)}`)
  return 1
})
