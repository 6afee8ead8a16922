/** Owns the starting of other programs. */
import { spawn } from 'node:child_process'

/** On the terminal that this one has. The exit code, 128 after a kill. Rejects when it cannot be started. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<number>

export const runProgram: RunProgram = (program, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit' })
    child.on('error', reject)
    child.on('close', code => resolve(code ?? 128))
  })

/** Nothing waits for the browser. Rejects when none can be opened. */
export const openBrowser = (program: string, url: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, [url], { stdio: 'ignore', detached: true })
    child.on('error', reject)
    child.on('exit', code => (code === 0 ? resolve() : reject(new Error(`exit status ${code}`))))
    child.unref()
  })
