/** Owns the starting of other programs, in the foreground of the terminal that this one has. */
import { spawn } from 'node:child_process'

/** The exit code, that of a shell (128 and the signal) after a kill. Rejects when it cannot be started. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<number>

export const runProgram: RunProgram = (program, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit' })
    child.on('error', reject)
    child.on('close', code => resolve(code ?? 128))
  })
