/** The built server as a process that a test starts, or that ends by itself. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExecutionContext } from 'ava'
import { cleanEnv, type LiveServerOptions, startLiveServer } from './live-server.ts'

export const program = fileURLToPath(new URL('../../dist/dispatch-server', import.meta.url))
export const withoutDocker = { DOCKER_HOST: 'unix:///nonexistent.sock' }

export async function temporaryDir(t: ExecutionContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-process-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  return directory
}

export interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** Runs the server to its end; a server that does not end by itself is a failure. */
export const runServer = (args: string[], env: NodeJS.ProcessEnv = {}, file = program): Promise<Ended> =>
  new Promise(resolve => {
    const options = { env: { ...cleanEnv, ...env }, timeout: 120_000 }
    execFile(file, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, stdout, stderr })
    })
  })

export const startIdle = async (
  t: ExecutionContext,
  options: Pick<LiveServerOptions, 'args' | 'env' | 'overTls'> = {},
) => {
  const directory = await temporaryDir(t)
  const server = await startLiveServer({ directory, mayLackDocker: true, ...options })
  t.teardown(() => server.stop('SIGKILL'))
  return server
}

/** One line that a person can act on: no stack, no second line. */
export const oneLine = (t: ExecutionContext, { code, stderr }: Ended, pattern: RegExp, exitCode = 1): void => {
  t.is(code, exitCode, stderr)
  t.is(stderr.trim().split('\n').length, 1, stderr)
  t.regex(stderr, pattern)
  t.notRegex(stderr, /^\s+at /m)
}
