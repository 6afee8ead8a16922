/** Owns the process edge of `dispatch`: the only place that touches process, its streams and its signals. */
import { homedir, tmpdir } from 'node:os'
import { describeFileError } from './failure.ts'
import { run } from './run.ts'

const interruption = new AbortController()
const interrupt = () => interruption.abort()
process.once('SIGINT', interrupt)
process.once('SIGTERM', interrupt)

/** A reader that went away (`dispatch get runs | head`) ends the run quietly; a full disk does not. */
for (const stream of [process.stdout, process.stderr])
  stream.on('error', error => {
    if ('code' in error && error.code === 'EPIPE') process.exit(0)
    if (stream === process.stdout) process.stderr.write(`${describeFileError(error, 'write', 'standard output')}\n`)
    process.exit(1)
  })

const pause = (durationMs: number) =>
  new Promise<void>(resolve => {
    const done = () => {
      clearTimeout(timer)
      interruption.signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, durationMs)
    interruption.signal.addEventListener('abort', done)
    if (interruption.signal.aborted) done()
  })

async function readInput(): Promise<string> {
  const [{ addAbortSignal }, { text }] = await Promise.all([import('node:stream'), import('node:stream/consumers')])
  return text(addAbortSignal(interruption.signal, process.stdin))
}

/** Once all is written there is nothing to wait for: to take everything down would be a part of a short command's time. */
function leave(): void {
  const isWritten = [process.stdout, process.stderr].every(stream => stream.writableLength === 0)
  if (isWritten) process.exit()
}

/** The exit code is set, not forced, so that long output through a pipe is never cut. */
run(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  homeDir: process.env.HOME ?? homedir(),
  socketPath: '/run/dispatch/api.sock',
  tempDir: tmpdir(),
  readInput,
  // Node opens standard input when it is first looked at, which takes a tenth of a short command.
  canAsk: () => process.stdin.isTTY === true && process.stderr.isTTY === true,
  askSecret: async question => {
    const { askSecret } = await import('./secret-prompt.ts')
    return askSecret(question, { input: process.stdin, output: process.stderr, interrupted: interruption.signal })
  },
  stdout: process.stdout,
  stderr: process.stderr,
  stdoutIsTerminal: process.stdout.isTTY === true,
  stderrIsTerminal: process.stderr.isTTY === true,
  columns: process.stderr.columns ?? 80,
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  runProgram: async (program, args) => (await import('./program.ts')).runProgram(program, args),
  openBrowser: async url => {
    const program = process.platform === 'darwin' ? 'open' : 'xdg-open'
    await (await import('./program.ts')).openBrowser(program, url)
  },
  now: () => new Date(),
  uuid: () => crypto.randomUUID(),
  randomBelow: count => Math.floor(Math.random() * count),
  pause,
  interrupted: interruption.signal,
}).then(code => {
  process.exitCode = code
  // Errors of what was just written come first.
  setImmediate(leave)
})
