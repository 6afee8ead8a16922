/** floor.node: how long the pinned Node takes to start and do nothing. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { timeMs } from '../rest.ts'

export const run = promisify(execFile)

export const timeNode = (): Promise<number> => timeMs(() => run(process.execPath, ['-e', '0']))
