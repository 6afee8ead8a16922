/** The one runner of programs on the appliance: arguments as a list, never a shell; bounded in time and output. */
import { type ExecFileException, execFile } from 'node:child_process'

export interface RunOptions {
  /** Given to the program as its input, which is empty otherwise. Secrets go here, never among the arguments. */
  readonly stdin?: string
  /** Default 60 s; beyond it the program is killed. */
  readonly timeoutMs?: number
}

export interface Ran {
  /** As a shell tells it: 127 where there is no such program, 126 where it cannot be started so, 124 where it took too long, 137 where it was killed. */
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Never rejects: that a program is missing, fails, or gets more than fits into its arguments, is an answer too. */
export type Run = (argv: readonly string[], options?: RunOptions) => Promise<Ran>

const maxOutputBytes = 1024 * 1024
/** Programs of administrators are found. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Programs are looked for in these folders. */
export const createRun =
  (path: string): Run =>
  ([program = '', ...args], { stdin = '', timeoutMs = 60_000 } = {}) =>
    new Promise(resolve => {
      // No text of a program is translated.
      const env = { PATH: path, LC_ALL: 'C.UTF-8', HOME: '/root' }
      const options = { env, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: maxOutputBytes } as const
      try {
        const child = execFile(program, args, options, (error, stdout, stderr) => {
          const exitCode = error === null ? 0 : exitCodeOf(error)
          // Without output a reader would not know what went wrong.
          resolve({ exitCode, stdout, stderr: stderr === '' && exitCode > 123 ? tell(program, error) : stderr })
        })
        // A program that reads no input, or ends before it has read all of it.
        child.stdin?.on('error', () => undefined)
        child.stdin?.end(stdin)
      } catch (thrown) {
        resolve({ exitCode: 126, stdout: '', stderr: `${program}: it cannot be started: ${codeOf(thrown)}` })
      }
    })

export const run: Run = createRun(defaultPath)

/** Linux takes 128 KiB for one argument, and no NUL in any. */
const codeOf = (thrown: unknown): string => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '')

/** Node's own words hold every argument. */
function tell(program: string, error: ExecFileException | null): string {
  const { message = '', signal, code } = error ?? {}
  return message.startsWith('Command failed') ? `${program}: ended by ${signal ?? code}` : message
}

function exitCodeOf({ code, killed }: ExecFileException): number {
  if (typeof code === 'number') return code
  if (code === 'ENOENT') return 127
  return killed === true && code === null ? 124 : 137
}
