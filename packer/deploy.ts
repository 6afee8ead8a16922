/** `npm run deploy`: makes a machine of an .ova with the tool that a hypervisor's users have, or prints the commands. */
import { access, constants, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { parseAsked, renderHelp, scriptOptions } from './deploy/arguments.ts'
import { checkOptions, loadOva } from './deploy/ova.ts'
import { renderPaste, workFolder } from './deploy/paste.ts'
import { DeployRefused, type DeployStep, type Ova, type Target } from './deploy/target.ts'
import { findKvmFault } from './host.ts'
import { findNewestOva } from './newest.ts'
import { givenPath, parseScriptArguments } from './script.ts'
import { createShell, renderCommand, type Shell } from './shell.ts'
import { repository } from './source.ts'

async function checkTool({ tool, advice, environment = [] }: Target, env: NodeJS.ProcessEnv): Promise<void> {
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  const found = folders.map(folder => access(join(folder, tool), constants.X_OK))
  await Promise.any(found).catch(() => {
    throw new DeployRefused(`${tool} is not on the PATH. ${advice}. Then run this again`)
  })
  const missing = environment.filter(name => !env[name])
  if (missing.length > 0) throw new DeployRefused(`${tool} takes ${missing.join(', ')} from the environment: export it`)
}

function checkGrowth({ diskBytes }: Ova, diskGib: number | undefined): void {
  if (diskGib === undefined || diskGib * 1024 ** 3 >= diskBytes) return
  throw new DeployRefused(`--disk-size ${diskGib} is less than the disk has: ${diskBytes / 1024 ** 3} GiB`)
}

/** Output goes to the terminal; that of a command with input is shown when it is over. */
async function execute(shell: Shell, { command, input }: DeployStep): Promise<void> {
  console.log(`$ ${renderCommand(command)}`)
  if (input !== undefined) {
    process.stdout.write(await shell.run(command, { input }))
    return
  }
  const exitCode = await shell.attach(command)
  if (exitCode !== 0) throw new Error(`${command[0]} ended with ${exitCode}; what came before it stays as it is`)
}

async function main(argv: string[], signal: AbortSignal): Promise<void> {
  const { values } = parseScriptArguments(argv, { help: renderHelp(), options: scriptOptions, maxPositionals: 0 })
  const { target, ...asked } = parseAsked(values)
  const shell = createShell({ logFile: join(repository, 'build/logs/deploy.log'), signal })
  const ova = await loadOva(shell, values.ova ? givenPath(values.ova) : await findNewestOva(repository))
  checkGrowth(ova, asked.diskGib)
  if (asked.flags.options !== undefined) await checkOptions(asked.flags.options, ova)
  const accelerator = (await findKvmFault(shell)) === undefined ? 'kvm' : 'tcg'
  const planIn = (workDir: string) => target.plan(ova, { ...asked, accelerator, workDir })
  if (values['dry-run']) {
    console.log(renderPaste(planIn(workFolder)))
    return
  }
  await checkTool(target, process.env)
  const workDir = await mkdtemp(join(tmpdir(), 'dispatch-deploy-'))
  try {
    for (const step of planIn(workDir)) await execute(shell, step)
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => stop.abort())
await main(process.argv.slice(2), stop.signal).catch(error => {
  console.error(`deploy: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = error instanceof DeployRefused ? 2 : 1
})
