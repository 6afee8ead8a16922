/** The one runner for external commands of the bake: arguments as lists, output to a log, whole process groups ended. */

import type { StdioOptions } from 'node:child_process'
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import { dirname } from 'node:path'
import { $, type ProcessPromise } from 'zx'

/** A program and its arguments; never a line for a shell, so that no value can become syntax. */
export type Command = readonly string[]

export type RunOptions = {
  readonly cwd?: string
  /** Added to the bake's own environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Text for the command's standard input; without it the input is empty. */
  readonly input?: string
}

export type Shell = {
  /** Runs to the end and answers with standard output. Rejects with a CommandFailed on any other exit code than 0. */
  run(command: Command, options?: RunOptions): Promise<string>
  /** Runs with the terminal as its input and output, for a person; answers with the exit code. */
  attach(command: Command, options?: RunOptions): Promise<number>
  /** Starts and leaves running; `stop` ends its whole process group and waits for it. */
  start(command: Command, options?: RunOptions): Running
}

export type Running = { readonly pid: number; readonly ended: Promise<void>; stop(): Promise<void> }

export type ShellOptions = {
  /** Every command and its output go here, and nowhere else. */
  readonly logFile: string
  /** Aborting it ends every command that this shell has running. */
  readonly signal: AbortSignal
}

/** What a failed command leaves for its reader: the command, its last words, and where the rest is. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
}

const tailLines = 12
const graceMs = 20_000

export function createShell({ logFile, signal }: ShellOptions): Shell {
  mkdirSync(dirname(logFile), { recursive: true })
  const log = createWriteStream(logFile, { flags: 'a' })
  const launch = (command: Command, options: RunOptions): ProcessPromise => {
    signal.throwIfAborted()
    log.write(`\n$ ${renderCommand(command)}\n`)
    const child = begin(command, options)
    copyOutput(child, log)
    return child
  }

  return {
    async run(command, options = {}) {
      const child = launch(command, options)
      const output = await endedByAbort(child, signal)
      signal.throwIfAborted()
      if (output.exitCode !== 0) {
        const { exitCode, signal: ending, stdall } = output
        throw new CommandFailed(renderFailure({ command, exitCode, ending, stdall, logFile }))
      }
      return output.stdout
    },
    async attach(command, options = {}) {
      signal.throwIfAborted()
      const child = $({ ...settings(options), detached: false, stdio: 'inherit' })`${guarded(command)}`
      const onAbort = () => process.kill(child.pid ?? 0, 'SIGTERM')
      signal.addEventListener('abort', onAbort)
      const output = await Promise.resolve(child).finally(() => signal.removeEventListener('abort', onAbort))
      return output.exitCode ?? 1
    },
    start(command, options = {}) {
      const child = launch(command, options)
      const ended = endedByAbort(child, signal).then(() => undefined)
      const pid = child.pid ?? 0
      return { pid, ended, stop: () => stopGroup(pid, ended) }
    },
  }
}

function settings({ cwd, env }: RunOptions) {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`
  return { ...(cwd ? { cwd } : {}), env: { ...process.env, LC_ALL: 'C.UTF-8', PATH: path, ...env }, nothrow: true }
}

/** The kernel itself ends the command when the bake is killed in a way that leaves it no time. */
function guarded(command: Command): string[] {
  return ['exec', 'setpriv', '--pdeathsig', 'TERM', ...command]
}

/** A group of its own (detached), so that one signal reaches the command and everything it started. */
function begin(command: Command, options: RunOptions): ProcessPromise {
  const { input } = options
  const stdio: StdioOptions = [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe']
  return $({
    ...settings(options),
    ...(input === undefined ? {} : { input }),
    stdio,
    quiet: true,
    detached: true,
  })`${guarded(command)}`
}

function copyOutput(child: ProcessPromise, log: WriteStream): void {
  child.stdout.on('data', chunk => log.write(chunk))
  child.stderr.on('data', chunk => log.write(chunk))
}

async function endedByAbort(child: ProcessPromise, signal: AbortSignal) {
  const ended = Promise.resolve(child).then(() => undefined)
  const onAbort = () => void stopGroup(child.pid ?? 0, ended)
  signal.addEventListener('abort', onAbort)
  return Promise.resolve(child).finally(() => signal.removeEventListener('abort', onAbort))
}

/** First asks (Packer removes its VM on SIGTERM), then ends whatever is left of the group. */
async function stopGroup(pid: number, ended: Promise<void>): Promise<void> {
  signalGroup(pid, 'SIGTERM')
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs)
  await ended.finally(() => clearTimeout(timer))
  signalGroup(pid, 'SIGKILL')
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  if (pid <= 0) return
  try {
    process.kill(-pid, name)
  } catch (error) {
    // ESRCH: the group is gone, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** The command as one would type it, for logs and messages only. */
export function renderCommand(command: Command): string {
  return command.map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ')
}

type Failure = { command: Command; exitCode: number | null; ending: string | null; stdall: string; logFile: string }

export function renderFailure({ command, exitCode, ending, stdall, logFile }: Failure): string {
  const how = ending ? `was ended by ${ending}` : `exited with code ${exitCode}`
  const tail = stdall
    .trimEnd()
    .split('\n')
    .slice(-tailLines)
    .map(line => `  | ${line}`)
  return [`${command[0]} ${how}:`, `  ${renderCommand(command)}`, ...tail, `Its whole output: ${logFile}`].join('\n')
}
